import pytest

from loyalty.profiles import progress
from loyalty.profiles.progress import Progress


@pytest.fixture
def told(monkeypatch):
    """What is said at each (second, done, share) of a step."""

    def told(*moments):
        said, seconds = [], iter([0.0, *(second for second, *_ in moments)])
        monkeypatch.setattr(progress.time, "perf_counter", lambda: next(seconds))
        step = Progress(said.append, "Reading", "lines")
        for _, done, share in moments:
            step.at(done, share=share)
        return said

    return told


def test_share_rate_and_time_left_are_told(told):
    assert told((4, 2000, 0.25)) == ["Reading: 25%, 500 lines a second, 12 s left"]
    assert told((100, 10, 0.1)) == ["Reading: 10%, 0 lines a second, 15 min left"]


def test_it_is_told_every_few_seconds_and_not_more_often(told):
    assert len(told(*((second / 4, 1, 0.5) for second in range(1, 41)))) == 5


def test_a_step_that_is_over_soon_says_nothing(told):
    assert told((0.5, 1, 0.5), (1.9, 2, 1)) == []
