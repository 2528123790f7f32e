from collections.abc import Callable

import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.validity import Guard, contamination, duplicates, multiple_exposure, salt_changed, sent_alike

Counted = Callable[[int, int], Guard]


@pytest.mark.parametrize(
    ("guard", "most", "of"),
    [
        (multiple_exposure, 100, 10_000),
        (contamination, 10, 10_000),
        (duplicates, 10, 10_000),
        (salt_changed, 0, 10_000),
    ],
)
def test_one_more_than_can_be_borne_stops_the_report(guard: Counted, most: int, of: int) -> None:
    assert guard(most, of).state == "fine"
    stopped = guard(most + 1, of)
    assert stopped.state == "stop"
    assert stopped.figure == (most + 1) / of


@pytest.mark.parametrize("guard", [multiple_exposure, contamination, duplicates, salt_changed])
def test_of_nobody_nothing_is_known(guard: Counted) -> None:
    assert guard(0, 0).state == "unknown"


@pytest.mark.parametrize(
    ("guard", "advice"),
    [
        (multiple_exposure, "load the assignments again"),
        (contamination, "close it before the next campaign"),
        (duplicates, "one row for each id"),
        (salt_changed, "run the campaign again"),
    ],
)
def test_the_sentence_says_how_many_and_what_to_do(guard: Counted, advice: str) -> None:
    sentence = guard(500, 10_000).sentence
    assert sentence.startswith("5.0%")
    assert advice in sentence


@pytest.mark.parametrize(("later", "state"), [(0.0, "fine"), (0.9, "fine"), (6.0, "look"), (-6.0, "look")])
def test_messages_of_one_arm_that_go_out_hours_later_are_looked_at(later: float, state: str) -> None:
    hours = np.random.default_rng(90).uniform(0, 12, 4000)
    found = sent_alike(moments.of(hours[:3000] + later), moments.of(hours[3000:]))
    assert found.state == state


def test_a_few_messages_are_hours_apart_by_chance() -> None:
    assert sent_alike(moments.of([1.0, 9.0, 30.0]), moments.of([2.0, 4.0])).state == "fine"


def test_all_messages_at_once_have_no_spread_and_still_tell() -> None:
    assert sent_alike(moments.of([5.0] * 9), moments.of([0.0] * 9)).state == "look"


def test_without_messages_withheld_their_times_do_not_tell() -> None:
    assert sent_alike(moments.of([1.0]), moments.of([])).state == "unknown"
