import math

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower

from analytics.measurement import moments
from analytics.measurement.moments import Moments
from analytics.measurement.power import DetectableLift, detectable_lift
from tests.analytics.measurement import published
from tests.analytics.measurement.reading import reason_of


def spend(mean: float, variance: float, n: int = 1_000_000) -> Moments:
    return Moments(n, n * mean, variance * (n - 1) + n * mean * mean)


def detectable(before: Moments, **plan: float) -> DetectableLift:
    outcome = detectable_lift(before, **{"members": 20_000, "share_held_out": 0.1, **plan})
    assert isinstance(outcome, DetectableLift), outcome
    return outcome


def relative(outcome: DetectableLift) -> float:
    assert outcome.relative is not None
    return outcome.relative


@pytest.mark.parametrize(("members", "share_held_out", "percent"), published.DETECTABLE_PERCENT)
def test_the_table_of_the_formula_is_reproduced(members: int, share_held_out: float, percent: float) -> None:
    found = relative(detectable(spend(10, 400), members=members, share_held_out=share_held_out))
    assert 100 * found == pytest.approx(percent, abs=0.051 if percent > 1 else 0.0051)  # as rounded in the table


@pytest.mark.parametrize(("effect", "power"), published.GROWTHBOOK_POWER_PAIRS)
def test_growthbook_agrees_once_its_relative_error_is_taken_out(effect: float, power: float) -> None:
    # It tests the relative lift L, with variance CV²/n (1 + (1 + L)²); ours tests the difference, with CV²/n (1 + 1).
    plan = published.GROWTHBOOK_POWER
    before = spend(plan["mean"], plan["variance"])
    found = relative(detectable(before, members=2 * plan["per_arm"], share_held_out=0.5, power=power))
    assert found * math.sqrt((1 + (1 + effect) ** 2) / 2) == pytest.approx(
        effect, abs=1e-5
    )  # published to five decimals


def test_the_published_power_of_a_normal_test_is_reproduced() -> None:
    plan = published.R_POWER
    found = detectable(spend(10, 1), members=2 * plan["per_arm"], share_held_out=0.5, power=plan["power"])
    # R adds the chance of a find on the wrong side, 0.00006 here, which is worth 0.00002 of effect.
    assert found.absolute == pytest.approx(plan["effect"], abs=5e-5)


@pytest.mark.parametrize("share_held_out", [0.02, 0.1, 0.35, 0.5, 0.9])
def test_it_agrees_with_statsmodels_for_unequal_arms(share_held_out: float) -> None:
    members = 30_000
    held_out = members * share_held_out
    found = detectable(spend(10, 1), members=members, share_held_out=share_held_out)
    power = NormalIndPower().power(found.absolute, nobs1=held_out, ratio=members / held_out - 1, alpha=0.05)
    assert power == pytest.approx(0.8, abs=2e-6)  # theirs counts finds on the wrong side too: one in a million


def test_four_times_the_members_halve_what_can_be_detected() -> None:
    before = spend(10, 400)
    assert detectable(before, members=80_000).absolute == pytest.approx(detectable(before).absolute / 2)


def test_nothing_is_a_share_of_a_mean_near_zero() -> None:
    before = moments.of(np.random.default_rng(9).normal(0, 1, 1000))
    assert detectable(before).relative is None


def test_a_loss_before_still_gives_a_positive_share() -> None:
    assert relative(detectable(spend(-10, 400))) == pytest.approx(relative(detectable(spend(10, 400))))


@pytest.mark.parametrize("share_held_out", [0.0, 1.0, -0.1, math.nan])
def test_a_plan_without_two_arms_is_not_measured(share_held_out: float) -> None:
    assert "Hold out" in reason_of(detectable_lift(spend(10, 400), members=20_000, share_held_out=share_held_out))


@pytest.mark.parametrize("members", [0, 10, -5])
def test_an_arm_of_fewer_than_two_is_not_measured(members: int) -> None:
    assert "widen the audience" in reason_of(detectable_lift(spend(10, 400), members=members, share_held_out=0.1))


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [([], "not known"), ([3.0], "not known"), ([1, math.nan], "not known"), ([2, 2], "same value")],
)
def test_an_audience_without_a_past_is_not_measured(earlier: list[float], reason: str) -> None:
    assert reason in reason_of(detectable_lift(moments.of(earlier), members=20_000, share_held_out=0.1))


@pytest.mark.parametrize("power", [0.0, 1.0, 80])
def test_a_power_that_is_no_share_is_refused(power: float) -> None:
    with pytest.raises(ValueError, match="power"):
        detectable_lift(spend(10, 400), members=20_000, share_held_out=0.1, power=power)
