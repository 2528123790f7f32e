import math

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower, normal_power

from analytics.measurement import moments
from analytics.measurement.moments import Moments
from analytics.measurement.power import DetectableLift, chance, detectable_lift
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


def test_chances_agree_with_statsmodels_on_ten_thousand_plans() -> None:
    rng = np.random.default_rng(10)
    members = np.exp(rng.uniform(5, 14, 10_000)).astype(int)
    share, variance = rng.uniform(0.02, 0.98, 10_000), np.exp(rng.uniform(-3, 8, 10_000))
    lift = rng.uniform(0, 5, 10_000) * np.sqrt(variance / (members * share * (1 - share)))
    ours = [
        chance(spend(10, v), members=m, share_held_out=h, lift_absolute=size)
        for v, m, h, size in zip(variance, members.tolist(), share, lift, strict=True)
    ]
    theirs = normal_power(lift / np.sqrt(variance), members * share * (1 - share), 0.05)
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


def test_a_detectable_lift_has_the_chance_it_was_promised() -> None:
    before, plan = spend(10, 400), {"members": 20_000, "share_held_out": 0.1, "r_squared": 0.4}
    absolute = detectable(before, **plan).absolute
    assert chance(before, lift_absolute=absolute, **plan) == pytest.approx(0.8, abs=2e-6)  # finds on the wrong side


def test_adjustment_makes_less_detectable_by_the_root_of_what_is_left() -> None:
    before = spend(10, 400)
    assert detectable(before, r_squared=0.49).absolute == pytest.approx(math.sqrt(0.51) * detectable(before).absolute)


def test_a_relative_lift_is_a_share_of_the_size_of_the_mean() -> None:
    plan = {"members": 20_000, "share_held_out": 0.1}
    loss = chance(spend(-10, 400), lift_relative=0.1, **plan)
    assert loss == pytest.approx(chance(spend(10, 400), lift_absolute=1.0, **plan))


@pytest.mark.parametrize("lifts", [{}, {"lift_relative": 0.1, "lift_absolute": 1.0}])
def test_a_lift_is_to_be_said_in_one_way(lifts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="either relative"):
        chance(spend(10, 400), members=20_000, share_held_out=0.1, **lifts)


@pytest.mark.parametrize("r_squared", [-0.1, 1.0, math.nan])
def test_a_share_of_variance_that_is_none_is_refused(r_squared: float) -> None:
    with pytest.raises(ValueError, match="R²"):
        detectable_lift(spend(10, 400), members=20_000, share_held_out=0.1, r_squared=r_squared)


def test_what_is_not_known_has_no_chance_either() -> None:
    unknown = moments.of([])
    assert "not known" in reason_of(chance(unknown, members=20_000, share_held_out=0.1, lift_absolute=1.0))
