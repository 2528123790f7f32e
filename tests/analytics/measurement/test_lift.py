import math
import re
from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from analytics.measurement import moments
from analytics.measurement.lift import Lift, NotMeasured, newcombe, welch
from analytics.measurement.moments import Moments
from analytics.measurement.proportions import koopman
from tests.analytics.measurement.reading import lift_of, reason_of

Measure = Callable[[Moments, Moments], Lift | NotMeasured]
SOME_YES = moments.of([0, 1, 1])


def shares(yes: int, n: int, reference_yes: int, reference_n: int) -> tuple[Moments, Moments]:
    return Moments(n, yes, yes), Moments(reference_n, reference_yes, reference_yes)


def figures(lift: Lift, names: dict[str, float]) -> dict[str, float]:
    return {name: getattr(lift, name) for name in names}


def random_summaries(count: int) -> list[tuple[Moments, Moments]]:
    """Pairs of arms: 2 to 100,000 members, means from cents to thousands, spreads a tenth to twenty times the mean."""
    rng = np.random.default_rng(20)
    n = np.exp(rng.uniform(np.log(2), np.log(100_000), (count, 2))).astype(int)
    mean = np.exp(rng.uniform(-4, 8, (count, 1))) * rng.uniform(0.5, 2, (count, 2)) * rng.choice([-1, 1], (count, 1))
    variance = (mean * np.exp(rng.uniform(np.log(0.1), np.log(20), (count, 2)))) ** 2
    squares = variance * (n - 1) + n * mean**2
    arms = [
        [Moments(int(a), a * b, c) for a, b, c in zip(n[i], mean[i], squares[i], strict=True)] for i in range(count)
    ]
    return [(treated, reference) for treated, reference in arms]


def test_welch_is_as_worked_by_hand() -> None:
    # Means 4 and 2, variances 4 and 1, three members each: error² = 5/3, df = (5/3)² / ((4/3)²/2 + (1/3)²/2) = 50/17.
    lift = lift_of(welch(moments.of([2, 4, 6]), moments.of([1, 2, 3])))
    assert lift.estimate == 2.0
    assert lift.df == pytest.approx(50 / 17)
    assert (lift.high - lift.low) / 2 == pytest.approx(stats.t.ppf(0.975, 50 / 17) * math.sqrt(5 / 3))


def test_welch_agrees_with_scipy_on_ten_thousand_summaries() -> None:
    pairs = random_summaries(10_000)
    ours = np.array([astuple(lift_of(welch(treated, reference))) for treated, reference in pairs], dtype=float)
    columns = [[(arm.mean, math.sqrt(arm.variance), arm.n) for arm in side] for side in zip(*pairs, strict=True)]
    treated, reference = (np.array(side).T for side in columns)
    theirs = stats.ttest_ind_from_stats(*treated, *reference, equal_var=False)
    squares = treated[1] ** 2 / treated[2], reference[1] ** 2 / reference[2]
    df = (squares[0] + squares[1]) ** 2 / (squares[0] ** 2 / (treated[2] - 1) + squares[1] ** 2 / (reference[2] - 1))
    low, high = stats.t.interval(0.95, df, treated[0] - reference[0], np.sqrt(squares[0] + squares[1]))
    np.testing.assert_allclose(ours[:, 7], df, rtol=1e-8)
    np.testing.assert_allclose(ours[:, 3], theirs.pvalue, rtol=1e-8, atol=1e-300)
    width = high - low
    np.testing.assert_allclose(ours[:, 1] / width, low / width, atol=1e-8)
    np.testing.assert_allclose(ours[:, 2] / width, high / width, atol=1e-8)


def test_relative_interval_agrees_with_the_delta_method_by_gradients() -> None:
    for treated, reference in random_summaries(2000):
        lift = lift_of(welch(treated, reference))
        if lift.relative is None or lift.relative_low is None or lift.df is None:
            continue
        gradient = np.array([1 / abs(reference.mean), -treated.mean / reference.mean / abs(reference.mean)])
        error = math.sqrt(gradient @ np.diag([treated.squared_error, reference.squared_error]) @ gradient)
        expected = error * stats.t.ppf(0.975, lift.df)
        assert lift.relative - lift.relative_low == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_welch_agrees_with_statsmodels_on_members(seed: int) -> None:
    rng = np.random.default_rng(seed)
    treated, reference = rng.lognormal(3, 1.2, 400), rng.lognormal(2.9, 1, 60)
    lift = lift_of(welch(moments.of(treated), moments.of(reference), level=0.9))
    theirs = CompareMeans(DescrStatsW(treated), DescrStatsW(reference))
    assert (lift.low, lift.high) == pytest.approx(theirs.tconfint_diff(alpha=0.1, usevar="unequal"), rel=1e-8)
    assert lift.p == pytest.approx(theirs.ttest_ind(usevar="unequal")[1], rel=1e-8)


def test_relative_lift_is_left_out_where_the_reference_mean_may_be_zero() -> None:
    lift = lift_of(welch(moments.of([5, 6, 7]), moments.of([-10, 0, 11])))
    assert (lift.relative, lift.relative_low, lift.relative_high) == (None, None, None)
    assert lift.low < lift.estimate < lift.high


def test_more_margin_than_a_loss_is_a_positive_relative_lift() -> None:
    lift = lift_of(welch(moments.of([-9, -10, -11]), moments.of([-19, -20, -21])))
    assert lift.relative == pytest.approx(0.5)  # a loss of 10 instead of 20


def test_one_arm_without_spread_is_still_compared() -> None:
    lift = lift_of(welch(moments.of([1, 2, 3]), moments.of([0, 0, 0])))
    assert lift.df == pytest.approx(2)
    assert lift.relative is None


UNUSABLE = [([], r"\(0\)"), ([1.0], r"\(1\)"), ([1.0, math.nan], "unknown"), ([1.0, math.inf], "unknown")]


@pytest.mark.parametrize("measure", [welch, newcombe])
@pytest.mark.parametrize(("values", "reason"), UNUSABLE)
def test_a_treated_arm_that_says_too_little_is_not_measured(measure: Measure, values: list[float], reason: str) -> None:
    assert re.search(f"treated.*{reason}|{reason}.*treated", reason_of(measure(moments.of(values), SOME_YES)))


@pytest.mark.parametrize("measure", [welch, newcombe])
@pytest.mark.parametrize(("values", "reason"), UNUSABLE)
def test_a_reference_arm_that_says_too_little_is_not_measured(
    measure: Measure, values: list[float], reason: str
) -> None:
    assert re.search(f"reference.*{reason}|{reason}.*reference", reason_of(measure(SOME_YES, moments.of(values))))


@pytest.mark.parametrize("reference", [5.0, 7.0])
def test_arms_without_any_spread_are_not_measured(reference: float) -> None:
    assert "spread" in reason_of(welch(moments.of([5.0] * 40), moments.of([reference] * 9)))


@pytest.mark.parametrize("level", [0.0, 1.0, 95, math.nan])
def test_a_level_that_is_no_share_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        welch(SOME_YES, SOME_YES, level=level)


def test_a_lift_far_from_chance_has_a_p_of_zero() -> None:
    rng = np.random.default_rng(4)
    assert lift_of(welch(moments.of(rng.normal(100, 1, 9999)), moments.of(rng.normal(0, 1, 9999)))).p == 0.0


def test_welch_is_turned_round_when_the_arms_are() -> None:
    one, other = moments.of([1, 5, 6, 9]), moments.of([2, 2, 3])
    there, back = lift_of(welch(one, other)), lift_of(welch(other, one))
    assert (there.estimate, there.low, there.high) == pytest.approx((-back.estimate, -back.high, -back.low))


money = st.integers(-(10**12), 10**12).map(lambda amount_e4: amount_e4 / 10_000)
member_values = st.lists(money | st.sampled_from([0.0, 1.0, math.nan, math.inf, 1e200]), max_size=6)


@settings(deadline=None)
@given(treated=member_values, reference=member_values)
def test_whatever_comes_in_a_lift_is_finite_and_ordered_or_not_measured(
    treated: list[float], reference: list[float]
) -> None:
    outcome = welch(moments.of(treated), moments.of(reference))
    if isinstance(outcome, NotMeasured):
        assert outcome.reason
        return
    assert all(math.isfinite(figure) for figure in astuple(outcome) if figure is not None)
    assert outcome.low <= outcome.estimate <= outcome.high
    assert 0 <= outcome.p <= 1


def test_newcombe_tells_seven_against_one_as_six_times_more() -> None:
    lift = lift_of(newcombe(*shares(7, 34, 1, 34)))
    assert lift.relative == pytest.approx(6)
    ratio = koopman(7, 34, 1, 34, float(stats.norm.ppf(0.975)))
    assert ratio is not None
    assert (lift.relative_low, lift.relative_high) == pytest.approx((ratio[0] - 1, ratio[1] - 1))


def test_a_reference_without_a_yes_has_no_relative_lift() -> None:
    lift = lift_of(newcombe(*shares(3, 40, 0, 40)))
    assert (lift.estimate, lift.relative, lift.relative_low, lift.relative_high) == (0.075, None, None, None)


@pytest.mark.parametrize("yes", [0, 1])
def test_equal_answers_from_everyone_are_a_difference_of_zero_with_an_interval(yes: int) -> None:
    lift = lift_of(newcombe(*shares(50 * yes, 50, 60 * yes, 60)))
    assert (lift.estimate, lift.p) == (0.0, 1.0)
    assert -0.1 < lift.low < 0 < lift.high < 0.1


def test_newcombe_refuses_values_that_are_not_yes_or_no() -> None:
    assert "0 and 1" in reason_of(newcombe(moments.of([0, 1, 2]), SOME_YES))


def test_newcombe_claims_no_degrees_of_freedom() -> None:
    assert lift_of(newcombe(SOME_YES, SOME_YES)).df is None
