import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.measurement import moments, ratio
from analytics.measurement.cuped import Adjusted
from analytics.measurement.lift import NotMeasured
from analytics.measurement.moments import Ratio
from analytics.measurement.ratio import PairedRatio, paired_ratio, ratio_lift
from tests.analytics.measurement.reading import lift_of, reason_of


def adjusted_of(treated: PairedRatio, reference: PairedRatio) -> Adjusted:
    outcome = ratio.cuped(treated, reference)
    assert isinstance(outcome, Adjusted), outcome
    return outcome


def baskets(n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Margin and spend per member, the second positive."""
    rng = np.random.default_rng(seed)
    spend = rng.gamma(2, 20, n)
    return spend * rng.normal(0.3, 0.05, n), spend


def test_a_ratio_is_as_worked_by_hand() -> None:
    # 6 of 12 on the whole: m - R d is 0, -1, 1; squares 2 over n - 1 = 2 and the squared mean denominator 16.
    found = moments.ratio([1, 1, 4], [2, 4, 6])
    assert found.mean == 0.5
    assert found.variance == pytest.approx(2 / 2 / 16)


def test_variances_agree_with_three_terms_of_the_delta_method_on_ten_thousand_arms() -> None:
    margin, spend = (column.reshape(10_000, 40) for column in baskets(400_000, seed=50))
    ours = [moments.ratio(m, d).variance for m, d in zip(margin, spend, strict=True)]
    m, d = margin.mean(axis=1), spend.mean(axis=1)
    off = (margin - m[:, None]) * (spend - d[:, None])
    terms = margin.var(axis=1, ddof=1) / d**2, spend.var(axis=1, ddof=1) * m**2 / d**4
    np.testing.assert_allclose(ours, sum(terms) - 2 * off.sum(axis=1) / 39 * m / d**3, rtol=1e-8)


def test_the_error_is_that_of_many_draws() -> None:
    margin, spend = (column.reshape(4000, 500) for column in baskets(2_000_000, seed=51))
    ratios = margin.sum(axis=1) / spend.sum(axis=1)
    error = math.sqrt(moments.ratio(margin[0], spend[0]).squared_error)
    assert error == pytest.approx(ratios.std(), rel=0.15)  # 500 members tell a spread to a tenth or so


def test_a_ratio_over_ones_is_the_mean() -> None:
    values, ones = [2.0, 5.0, 11.0], [1, 1, 1]
    found, plain = moments.ratio(values, ones), moments.of(values)
    assert (found.mean, found.variance) == pytest.approx((plain.mean, plain.variance))


def test_adjustment_takes_out_what_was_before() -> None:
    rng = np.random.default_rng(52)
    share = rng.normal(0.3, 0.08, 4000)  # lasting margin shares, so that the past tells much
    columns = [(share + rng.normal(0, 0.02, 4000)) * (spend := rng.gamma(2, 20, 4000)), spend]
    columns += [(share + rng.normal(0, 0.02, 4000)) * (before := rng.gamma(2, 20, 4000)), before]
    treated, reference = (paired_ratio(*(each[arm] for each in columns)) for arm in (slice(2000), slice(2000, None)))
    plain = lift_of(ratio_lift(treated.outcome, reference.outcome))
    found = adjusted_of(treated, reference)
    assert (found.lift.error / plain.error) ** 2 == pytest.approx(1 - found.r_squared, rel=1e-6)
    assert found.r_squared > 0.3


def test_what_a_member_adds_has_the_ratio_as_its_mean_and_its_variance() -> None:
    margin, spend = baskets(60, seed=53)
    before = baskets(60, seed=54)
    linear = paired_ratio(margin, spend, *before).linear
    each = margin.sum() / spend.sum() + (margin - margin.sum() / spend.sum() * spend) / spend.mean()
    then = before[0].sum() / before[1].sum()
    past = then + (before[0] - then * before[1]) / before[1].mean()
    expected = moments.paired(each, past)
    for name in ("n", "total", "total_sq", "before_total", "before_total_sq", "cross"):
        assert getattr(linear, name) == pytest.approx(getattr(expected, name), rel=1e-10)


def test_sums_of_two_cells_are_those_of_both_together() -> None:
    columns = [*baskets(60, seed=55), *baskets(60, seed=56)]
    halves = [paired_ratio(*(each[part] for each in columns)) for part in (slice(25), slice(25, None))]
    both, whole = halves[0] + halves[1], paired_ratio(*columns)
    assert both.outcome.variance == pytest.approx(whole.outcome.variance, rel=1e-12)
    assert both.linear.covariance == pytest.approx(whole.linear.covariance, rel=1e-12)


NOTHING_BELOW = Ratio(50, m=3, mm=9, d=1, dd=1, md=0)
USUAL = moments.ratio(*baskets(50, seed=57))


def test_a_ratio_over_next_to_nothing_is_not_measured() -> None:
    assert "next to nothing to divide by" in reason_of(ratio_lift(NOTHING_BELOW, USUAL))
    assert "compared with" in reason_of(ratio_lift(USUAL, NOTHING_BELOW))


def test_a_ratio_of_nobody_is_not_measured() -> None:
    assert "Too few" in reason_of(ratio_lift(Ratio(0, 0, 0, 0, 0, 0), USUAL))


def test_unknown_values_are_not_measured() -> None:
    assert "unknown" in reason_of(ratio_lift(USUAL, moments.ratio([1, math.nan], [1, 2])))


def test_adjustment_by_a_past_without_anything_below_is_not_measured() -> None:
    usual = paired_ratio(*baskets(50, seed=58), *baskets(50, seed=59))
    new = paired_ratio(*baskets(50, seed=58), np.zeros(50), np.zeros(50))
    assert isinstance(ratio.cuped(usual, usual), Adjusted)
    assert "next to nothing to divide by" in reason_of(ratio.cuped(new, usual))


money = st.integers(-(10**12), 10**12).map(lambda amount_e4: amount_e4 / 10_000)
member = st.tuples(*4 * [money | st.sampled_from([0.0, 1.0, math.nan, math.inf, 1e200, 1e-200])])


@settings(deadline=None)
@given(treated=st.lists(member, max_size=6), reference=st.lists(member, max_size=6))
def test_whatever_comes_in_a_lift_is_finite_and_ordered_or_not_measured(
    treated: list[tuple[float, ...]], reference: list[tuple[float, ...]]
) -> None:
    arms = [paired_ratio(*np.array(arm, dtype=float).reshape(-1, 4).T) for arm in (treated, reference)]
    for outcome in (ratio_lift(*(arm.outcome for arm in arms)), ratio.cuped(*arms)):
        if isinstance(outcome, NotMeasured):
            assert outcome.reason
            continue
        lift = outcome.lift if isinstance(outcome, Adjusted) else outcome
        assert all(math.isfinite(figure) for figure in astuple(lift) if figure is not None)
        assert lift.low <= lift.estimate <= lift.high
        assert 0 <= lift.p <= 1
