import math

import numpy as np
import pytest
from scipy import stats

from analytics.measurement import moments
from analytics.measurement.lift import welch
from analytics.measurement.tails import (
    LEAST_MEMBERS,
    MOST_LOPSIDED,
    clipped,
    lopsided,
    members_needed,
    skewness,
    threshold,
)
from tests.analytics.measurement.reading import lift_of


def test_one_member_in_a_thousand_was_above_the_ceiling() -> None:
    spend = np.random.default_rng(60).lognormal(3, 1, 100_000)
    assert (spend > threshold(spend)).sum() == 100


def test_members_who_are_not_known_are_left_out() -> None:
    assert threshold([1.0, math.nan, 3.0], 0.5) == 2.0


@pytest.mark.parametrize("before", [[], [math.nan], [0.0] * 5000])
def test_without_any_spend_before_nothing_is_clipped(before: list[float]) -> None:
    assert clipped([5.0, 1e9], threshold(before)).tolist() == [5.0, 1e9]


def test_values_are_clipped_on_both_sides_and_unknown_ones_stay() -> None:
    found = clipped([-500, -3, 2, 70, math.nan], 50)
    assert found[:4].tolist() == [-50, -3, 2, 50]
    assert math.isnan(found[4])


@pytest.mark.parametrize("quantile", [0, 1, 99.9])
def test_a_quantile_that_is_no_share_is_refused(quantile: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        threshold([1.0], quantile)


def test_skewness_agrees_with_scipy() -> None:
    spend = np.random.default_rng(61).gamma(0.5, 30, 4000)
    assert skewness(spend) == pytest.approx(stats.skew(spend), rel=1e-10)


@pytest.mark.parametrize("values", [[], [7.0, 7.0]])
def test_values_without_spread_are_not_skewed(values: list[float]) -> None:
    assert skewness(values) == 0.0


def test_the_difference_of_two_means_is_as_skewed_as_worked_out() -> None:
    spend = np.random.default_rng(63).lognormal(0, 0.8, (20_000, 60))
    differences = spend[:, :40].mean(axis=1) - spend[:, 40:].mean(axis=1)
    expected = lopsided(skewness(spend.ravel()), 40, 20)
    assert stats.skew(differences) == pytest.approx(expected, abs=4 * np.sqrt(6 / 20_000))
    assert expected < -0.1


def test_of_equal_arms_what_is_skewed_cancels_out() -> None:
    assert lopsided(5.0, 200, 200) == 0.0
    assert members_needed(5.0, 200, 200) == LEAST_MEMBERS


def test_a_lone_arm_needs_members_by_its_squared_skewness() -> None:
    """Against very many, as by the rule of 355 members for a skewness of 1; that asks for half the error in a tail."""
    assert members_needed(2.0, 10**9, 200) == pytest.approx(4 * members_needed(1.0, 10**9, 200), abs=4)
    assert members_needed(1.0, 10**9, 200) == pytest.approx(355 / 4.94, rel=0.01)


def test_with_the_members_that_are_needed_a_difference_is_as_skewed_as_may_be() -> None:
    needed = members_needed(4.0, 900, 100)
    assert lopsided(4.0, 9 * needed, needed) == pytest.approx(-MOST_LOPSIDED, rel=0.01)


def test_so_skewed_a_tail_is_a_point_off() -> None:
    z = stats.norm.ppf(0.975)
    assert (2 * z * z + 1) / 6 * stats.norm.pdf(z) * MOST_LOPSIDED == pytest.approx(0.01, rel=0.01)


@pytest.mark.parametrize(("held_out", "enough"), [(30, False), (400, True)])
def test_with_too_few_members_more_is_seen_than_there_is(held_out: int, enough: bool) -> None:
    """What is above 0 by chance, among members of whom a few buy much; half a point more is noise."""
    rng = np.random.default_rng(64)
    spend = rng.lognormal(0, 0.8, 50_000) * (rng.random(50_000) < 0.5)
    ceiling = clipped(spend, float(np.quantile(spend, 0.999)))
    treated = 4 * held_out
    arms = rng.choice(ceiling, (3_000, treated + held_out))
    lifts = [lift_of(welch(moments.of(arm[:treated]), moments.of(arm[treated:]))) for arm in arms]
    above = np.mean([lift.low > 0 for lift in lifts])
    assert (held_out >= members_needed(skewness(ceiling), treated, held_out)) == enough
    assert (above < 0.035 + 0.005) == enough


def test_a_giant_basket_moves_the_clipped_lift_by_less_than_its_error() -> None:
    spend = np.random.default_rng(62).gamma(0.5, 160, 22_000)
    treated, held_out = spend[2000:], spend[:2000].copy()
    ceiling = threshold(spend)
    before = {"raw": spend.max() * 10, "clipped": ceiling}
    lifts = {
        name: lift_of(welch(*(moments.of(clipped(arm, at)) for arm in (treated, held_out))))
        for name, at in before.items()
    }
    held_out[0] += 100 * spend.mean()
    moved = {
        name: abs(
            lift_of(welch(*(moments.of(clipped(arm, at)) for arm in (treated, held_out)))).estimate
            - lifts[name].estimate
        )
        for name, at in before.items()
    }
    assert moved["clipped"] < lifts["clipped"].error
    assert moved["raw"] > lifts["raw"].error  # negative control: without a ceiling it does
