import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from config.bench import planted, score, worlds
from config.bench.frame import Size
from config.bench.jobs import JOBS
from config.bench.planted import world
from config.bench.race import AFFINITY, PROPENSITY, UPLIFT, Placed


@pytest.fixture
def quick(monkeypatch):
    """Few members and offers, in worlds that are quick to learn from."""
    monkeypatch.setattr(score, "peak_mb", lambda *_: 1.0)
    monkeypatch.setattr(worlds, "peak_mb", lambda *_: 1.0)
    monkeypatch.setattr(score, "LEARNED_FROM", 2_000)
    monkeypatch.setattr(score, "MEMBERS_AT_ONCE", 700)
    monkeypatch.setattr(score, "ROWS_AT_ONCE", 300)
    monkeypatch.setattr(worlds, "LEAST_DECISIONS", 2_000)
    monkeypatch.setattr(worlds, "LATER_MEMBERS", 1_000)
    monkeypatch.setattr(worlds, "finds_an_effect", lambda seed: seed == 1)
    monkeypatch.setattr(planted, "world", lambda seed, offers=3: world(seed, offers=min(offers, 3)))
    with threadpool_limits(1, user_api="blas"):
        yield


def test_both_ways_come_to_the_same_probabilities(quick):
    found = score.run(Size(members=1_500, offers=3, repetitions=2), lambda _: None)
    assert found.agrees
    assert 0 < found.figures["largest_difference"] <= score.LARGEST_DIFFERENCE
    assert found.offers == 3


def test_other_probabilities_are_noticed(quick, monkeypatch):
    asked = score._chances

    def other(asked_about, rows, room):
        asked(asked_about, rows, room)
        room += np.float32(1e-4)

    monkeypatch.setattr(score, "_chances", other)
    assert not score.run(Size(members=500, offers=3, repetitions=1), lambda _: None).agrees


def test_the_curve_is_told_for_every_ranker_and_number_of_decisions(quick):
    said = []
    found = worlds.run(Size(members=4_000, offers=0, repetitions=1), said.append)
    assert len(said) == len(worlds.STEPS) + 1
    assert found.figures["empty_worlds_mistaken_of_100"] == 1
    for name in (UPLIFT, PROPENSITY, AFFINITY):
        assert f"{name}_share_at_4000" in found.figures
        assert f"{name}_harmed_at_2000" in found.figures


def test_a_ranker_that_is_behind_is_noticed():
    ahead, behind = Placed(0.95, 0.01), Placed(0.5, 0.2)
    others = {PROPENSITY: behind, AFFINITY: behind}
    assert worlds._holds({2_000_000: {UPLIFT: ahead, **others}}, 2_000_000)
    assert not worlds._holds({2_000_000: {UPLIFT: behind, **others}}, 2_000_000)
    assert not worlds._holds({2_000_000: {UPLIFT: Placed(0.85, 0.01), **others}}, 2_000_000)
    assert not worlds._holds({2_000_000: {UPLIFT: Placed(0.95, 0.3), **others}}, 2_000_000)


def test_both_jobs_can_be_asked_for():
    assert {"score", "worlds"} <= set(JOBS)
