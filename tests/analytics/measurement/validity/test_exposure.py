from collections.abc import Callable

import pytest

from analytics.measurement.validity import Guard, contamination, duplicates, multiple_exposure, salt_changed

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
