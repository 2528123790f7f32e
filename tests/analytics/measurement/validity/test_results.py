import numpy as np
import pytest

from analytics.measurement.lift import NotMeasured
from analytics.measurement.validity import beyond_the_ceiling, novelty, power_reached, skewed


@pytest.mark.parametrize(("chance", "state"), [(0.83, "fine"), (0.78, "fine"), (0.76, "look"), (0.2, "look")])
def test_less_power_than_was_promised_is_looked_at_once_all_is_in(chance: float, state: str) -> None:
    assert power_reached(chance, promised=0.8, is_open=False).state == state


def test_while_the_window_is_open_power_is_only_told() -> None:
    found = power_reached(0.2, promised=0.8, is_open=True)
    assert (found.state, "20% by now" in found.sentence) == ("fine", True)


def test_power_that_is_not_known_has_its_reason() -> None:
    found = power_reached(NotMeasured("No purchases."), promised=0.8, is_open=False)
    assert (found.state, found.sentence) == ("unknown", "No purchases.")


def days(first: float, second: float, *, seed: int = 81) -> np.ndarray:
    """Two weeks of daily effects."""
    return np.repeat([first, second], 7) + np.random.default_rng(seed).normal(0, 0.1, 14)


@pytest.mark.parametrize(
    ("first", "second", "word"), [(1.0, 0.3, "wear off"), (-1.0, -0.3, "wear off"), (0.3, 1.0, "longer one")]
)
def test_an_effect_that_changes_within_the_window_is_looked_at(first: float, second: float, word: str) -> None:
    found = novelty(days(first, second))
    assert found.state == "look"
    assert word in found.sentence


def test_an_effect_that_stays_is_taken_for_a_trend_once_in_a_hundred_times() -> None:
    found = [novelty(days(0.5, 0.5, seed=seed)).state == "look" for seed in range(3000)]
    assert np.mean(found) < 0.01 + 3.29 * np.sqrt(0.01 / 3000)


def test_a_trend_needs_two_weeks() -> None:
    assert novelty([1.0] * 13).state == "unknown"


@pytest.mark.parametrize(("beyond", "state"), [(0, "fine"), (100, "fine"), (101, "look")])
def test_more_than_a_few_above_the_ceiling_are_looked_at(beyond: int, state: str) -> None:
    assert beyond_the_ceiling(beyond, 10_000).state == state


def test_of_nobody_nothing_is_above_the_ceiling() -> None:
    assert beyond_the_ceiling(0, 0).state == "unknown"


@pytest.mark.parametrize(("smaller", "state"), [(534, "fine"), (300, "fine"), (299, "look")])
def test_fewer_members_than_are_needed_are_looked_at(smaller: int, state: str) -> None:
    assert skewed(smaller, 300, is_told=True).state == state


def test_of_few_members_it_is_said_whether_a_gain_is_told_all_the_same() -> None:
    assert "as it would here" in skewed(299, 300, is_told=True).sentence
    assert "none is told here" in skewed(299, 300, is_told=False).sentence
