import math

import numpy as np
import pytest
from scipy import stats

from analytics.measurement import moments
from analytics.measurement.lift import welch
from analytics.measurement.tails import clipped, members_needed, skewness, threshold
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


def test_the_published_number_of_members_is_355_for_a_skewness_of_one() -> None:
    assert (members_needed(1.0), members_needed(-2.0), members_needed(0.1)) == (355, 1420, 4)


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
