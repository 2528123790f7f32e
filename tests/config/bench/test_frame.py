import pytest

from config.bench.frame import Outcome, Way, contest, peak_mb

PAGES = 100 * 2**20


def outcome(**changed):
    values = {
        "job": "import", "members": 10, "offers": None, "ours": "blocks", "seconds": 0.5, "baseline": "rows",
        "baseline_seconds": 5.0, "goal": 15.0, "agrees": True, "peak_mb": 100.0, "figures": {"rows": 7},
    }  # fmt: skip
    return Outcome(**(values | changed))


def test_both_ways_take_turns():
    taken = []
    ways = [Way(name, lambda name=name: taken.append(name)) for name in ("slow", "fast")]
    found = contest(*ways, repetitions=3, say=lambda _: None)
    assert taken == ["slow", "fast"] * 3
    assert len(found.baseline) == len(found.ours) == 3


def test_two_ways_that_come_to_the_same_agree():
    assert contest(Way("slow", lambda: 1), Way("fast", lambda: 1), repetitions=2, say=lambda _: None).agrees


def test_one_difference_is_noticed():
    answers = iter([1, 2])
    slow = Way("slow", lambda: 1)
    assert not contest(slow, Way("fast", lambda: next(answers)), repetitions=2, say=lambda _: None).agrees


def test_an_outcome_is_told_with_its_own_figures():
    told = outcome().as_json()
    assert (told["ratio"], told["rows"], told["baseline"]) == (10.0, 7, "rows")
    assert "figures" not in told


@pytest.mark.parametrize(("size", "low", "high"), [(0, 5, 90), (PAGES, 105, 250)])
def test_memory_is_that_of_the_measured_alone(size, low, high):
    assert low < peak_mb(bytearray, size) < high
