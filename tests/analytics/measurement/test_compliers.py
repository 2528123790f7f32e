from dataclasses import dataclass

import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.compliers import cace, covariance
from analytics.measurement.lift import welch
from tests.analytics.measurement.reading import lift_of, reason_of


@dataclass(frozen=True)
class IntentionToTreat:
    estimate: float
    error: float


def test_where_all_were_reached_it_is_the_effect_itself() -> None:
    effect = lift_of(cace(IntentionToTreat(2.0, 0.5), (900, 900), (0, 100)))
    assert (effect.estimate, effect.error) == (2.0, 0.5)


def test_reach_among_the_reference_is_taken_off() -> None:
    effect = lift_of(cace(IntentionToTreat(1.2, 0.2), (800, 1000), (200, 1000)))
    assert effect.estimate == pytest.approx(2.0)


def test_there_is_no_relative_figure() -> None:
    assert lift_of(cace(IntentionToTreat(1.2, 0.2), (800, 1000), (0, 1000))).relative is None


@pytest.mark.parametrize("reached", [(0, 1000), (4, 1000)])
def test_an_effect_of_reaching_hardly_anybody_is_not_measured(reached: tuple[int, int]) -> None:
    assert "nobody to tell it of" in reason_of(cace(IntentionToTreat(1.2, 0.2), reached, (1, 1000)))


def test_an_arm_without_members_is_not_measured() -> None:
    assert "Too few" in reason_of(cace(IntentionToTreat(1.2, 0.2), (3, 5), (0, 0)))


def world(seed: int, *, effect: float) -> tuple[float, float, float, float]:
    """The interval, and how far off the plain comparison of those reached would be, where the reachable spend more."""
    rng = np.random.default_rng(seed)
    reachable = rng.random(4000) < 0.6
    treated = rng.random(4000) < 0.7
    reached = reachable & treated
    spend = rng.gamma(1, 20, 4000) * np.where(reachable, 2, 1) + effect * reached
    arms = [moments.paired(spend[arm], reached[arm]) for arm in (treated, ~treated)]
    itt = lift_of(welch(*(arm.outcome for arm in arms)))
    found = lift_of(cace(itt, *((arm.before_total, arm.n) for arm in arms), covariance=covariance(*arms)))
    return found.low, found.high, found.estimate, spend[reached].mean() - spend[~treated].mean()


def test_intervals_cover_the_effect_on_those_reached_as_often_as_they_say() -> None:
    low, high, estimate, naive = np.array([world(seed, effect=3.0) for seed in range(1000)]).T
    assert 0.935 <= ((low <= 3) & (high >= 3)).mean() <= 0.965
    assert abs(estimate.mean() - 3) < 3 * estimate.std() / np.sqrt(1000)
    assert naive.mean() > 6  # negative control: who can be reached spends more anyway
