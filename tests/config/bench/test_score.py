import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from config.bench import planted, score
from config.bench.frame import Size
from config.bench.jobs import JOBS
from config.bench.planted import world


@pytest.fixture
def quick(monkeypatch):
    """Few members and offers, in worlds that are quick to learn from."""
    monkeypatch.setattr(score, "peak_mb", lambda *_: 1.0)
    monkeypatch.setattr(score, "LEARNED_FROM", 2_000)
    monkeypatch.setattr(score, "MEMBERS_AT_ONCE", 700)
    monkeypatch.setattr(score, "ROWS_AT_ONCE", 300)
    monkeypatch.setattr(planted, "world", lambda seed, offers=3: world(seed, offers=min(offers, 3)))
    with threadpool_limits(1, user_api="blas"):
        yield


def test_both_ways_come_to_the_same_probabilities(quick):
    found = score.run(Size(members=1_500, offers=3, repetitions=2), lambda _: None)
    assert found.agrees
    assert 0 < found.figures["largest_difference"] <= score.LARGEST_DIFFERENCE
    assert found.offers == 3


def test_whole_scores_are_measured_from_profiles_on_too(quick):
    figures = score.run(Size(members=500, offers=3, repetitions=1), lambda _: None).figures
    assert figures["from_profiles_to_these_seconds"] > 0


def test_other_probabilities_are_noticed(quick, monkeypatch):
    asked = score._chances

    def other(asked_about, rows, room):
        asked(asked_about, rows, room)
        room += np.float32(1e-4)

    monkeypatch.setattr(score, "_chances", other)
    assert not score.run(Size(members=500, offers=3, repetitions=1), lambda _: None).agrees


def test_it_can_be_asked_for():
    assert "score" in JOBS
