import math
from dataclasses import astuple

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.measurement import moments
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.lift import NotMeasured, welch
from analytics.measurement.moments import Paired
from tests.analytics.measurement.reading import lift_of, reason_of


def adjusted_of(treated: Paired, reference: Paired) -> Adjusted:
    outcome = adjusted(treated, reference)
    assert isinstance(outcome, Adjusted), outcome
    return outcome


def correlated(rho: float, n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Spend now and before, whose correlation is nearly `rho`."""
    rng = np.random.default_rng(seed)
    before, own = rng.standard_normal((2, n))
    return 50 + 20 * (rho * before + math.sqrt(1 - rho * rho) * own), 40 + 15 * before


def test_adjustment_is_as_worked_by_hand() -> None:
    # Over both arms X has squares of 4 about its mean of 2, Y of 24 about 4, and their products are 6.
    found = adjusted_of(moments.paired([4, 5, 9], [1, 2, 3]), moments.paired([1, 2, 3], [1, 2, 3]))
    assert found.theta == pytest.approx(7 / 4)
    assert found.lift.estimate == pytest.approx(4.0)  # the arms were alike before, so nothing is moved
    assert found.r_squared == pytest.approx(7 * 7 / (4 * 40))


def test_it_agrees_with_scipy_on_ten_thousand_campaigns() -> None:
    rng = np.random.default_rng(40)
    before = rng.gamma(0.7, 30, (10_000, 60))
    now = before * rng.gamma(2, 0.5, (10_000, 60)) + rng.gamma(0.5, 10, (10_000, 60))
    x, y = before - before.mean(axis=1, keepdims=True), now - now.mean(axis=1, keepdims=True)
    theta = (x * y).sum(axis=1) / (x * x).sum(axis=1)
    left = now - theta[:, None] * before
    theirs = stats.ttest_ind(left[:, 20:], left[:, :20], axis=1, equal_var=False)
    pairs = [(moments.paired(a[20:], b[20:]), moments.paired(a[:20], b[:20])) for a, b in zip(now, before, strict=True)]
    ours = [adjusted_of(*pair) for pair in pairs]
    np.testing.assert_allclose([one.theta for one in ours], theta, rtol=1e-8)
    np.testing.assert_allclose([one.lift.p for one in ours], theirs.pvalue, rtol=1e-8)
    half = [(one.lift.high - one.lift.low) / 2 for one in ours]
    interval = theirs.confidence_interval()
    np.testing.assert_allclose(half, (interval.high - interval.low) / 2, rtol=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_two_regressions_in_turn(seed: int) -> None:
    now, before = correlated(0.6, 300, seed=seed)
    treated = np.random.default_rng(seed).random(300) < 0.3
    residual = sm.OLS(now, sm.add_constant(before)).fit()
    theirs = sm.OLS(residual.resid, sm.add_constant(treated.astype(float))).fit(cov_type="HC2")  # Welch's error
    found = adjusted_of(moments.paired(now[treated], before[treated]), moments.paired(now[~treated], before[~treated]))
    expected = theirs.params[1], theirs.bse[1], residual.rsquared
    assert (found.lift.estimate, found.lift.error, found.r_squared) == pytest.approx(expected, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("rho", [0.3, 0.5, 0.7, 0.9])
def test_variance_falls_by_the_squared_correlation(rho: float) -> None:
    now, before = correlated(rho, 40_000, seed=round(10 * rho))
    treated, reference = moments.paired(now[4000:], before[4000:]), moments.paired(now[:4000], before[:4000])
    plain = lift_of(welch(treated.outcome, reference.outcome))
    found = adjusted_of(treated, reference)
    assert (found.lift.error / plain.error) ** 2 == pytest.approx(1 - rho * rho, abs=0.02)
    assert found.r_squared == pytest.approx(rho * rho, abs=0.02)


def test_without_a_past_the_lift_is_welchs() -> None:
    treated, reference = moments.paired([2, 4, 6], [0, 0, 0]), moments.paired([1, 2, 3], [0, 0, 0])
    found = adjusted_of(treated, reference)
    assert (found.theta, found.r_squared) == (0.0, 0.0)
    assert found.lift == welch(treated.outcome, reference.outcome)


def test_relative_figures_are_left_out_where_the_reference_mean_may_be_zero() -> None:
    found = adjusted_of(moments.paired([5, 6, 7], [1, 2, 4]), moments.paired([-10, 0, 11], [1, 2, 2]))
    assert (found.lift.relative, found.lift.relative_low, found.lift.relative_high) == (None, None, None)


@pytest.mark.parametrize(
    ("treated", "reason"),
    [
        (Paired(1, 1, 1, 1, 1, 1), "Too few"),
        (Paired(9, 1, 1, math.nan, 1, 1), "unknown"),
        (Paired(9, math.inf, math.inf, 1, 1, 1), "unknown"),
    ],
)
def test_what_says_too_little_is_not_measured(treated: Paired, reason: str) -> None:
    assert reason in reason_of(adjusted(treated, moments.paired([1, 2], [2, 1])))


def test_an_outcome_that_is_all_past_is_not_measured() -> None:
    same = moments.paired([1, 2, 3], [1, 2, 3])
    assert "spread" in reason_of(adjusted(same, same))


money = st.integers(-(10**12), 10**12).map(lambda amount_e4: amount_e4 / 10_000)
member = st.tuples(*2 * [money | st.sampled_from([0.0, 1.0, math.nan, math.inf, 1e200, 1e-200])])


@settings(deadline=None)
@given(treated=st.lists(member, max_size=6), reference=st.lists(member, max_size=6))
def test_whatever_comes_in_a_lift_is_finite_and_ordered_or_not_measured(
    treated: list[tuple[float, float]], reference: list[tuple[float, float]]
) -> None:
    arms = [moments.paired([now for now, _ in arm], [before for _, before in arm]) for arm in (treated, reference)]
    found = adjusted(*arms)
    if isinstance(found, NotMeasured):
        assert found.reason
        return
    assert all(math.isfinite(figure) for figure in astuple(found.lift) if figure is not None)
    assert found.lift.low <= found.lift.estimate <= found.lift.high
    assert 0 <= found.lift.p <= 1
    assert 0 <= found.r_squared <= 1


def drawn_lifts(rho: float, *, seed: int, count: int = 4000, members: int = 200) -> list[tuple[float, float]]:
    """Plain and adjusted lifts of campaigns that change nothing, half of the members treated."""
    rng = np.random.default_rng(seed)
    before, own = rng.standard_normal((2, count, members))
    now, half = rho * before + math.sqrt(1 - rho * rho) * own, members // 2
    arms = (
        (moments.paired(y[:half], x[:half]), moments.paired(y[half:], x[half:]))
        for y, x in zip(now, before, strict=True)
    )
    return [
        (treated.outcome.mean - reference.outcome.mean, adjusted_of(treated, reference).lift.estimate)
        for treated, reference in arms
    ]


@pytest.mark.parametrize("rho", [0.3, 0.5, 0.7, 0.9])
def test_adjustment_takes_the_squared_correlation_out_of_the_variance(rho: float) -> None:
    plain, lifts = np.array(drawn_lifts(rho, seed=round(10 * rho))).T
    assert lifts.var() / plain.var() == pytest.approx(1 - rho * rho, abs=0.02)


def test_a_past_that_tells_nothing_takes_nothing_out() -> None:
    """The control: there is no more to lose by it than 1 %, and nothing to gain."""
    plain, lifts = np.array(drawn_lifts(0.0, seed=7)).T
    assert 0.98 < lifts.var() / plain.var() < 1.01
