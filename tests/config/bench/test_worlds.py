from dataclasses import replace

import pytest
from threadpoolctl import threadpool_limits

from config.bench import planted, worlds
from config.bench.frame import Size
from config.bench.jobs import JOBS
from config.bench.planted import world
from config.bench.race import AFFINITY, PROPENSITY, UPLIFT, Placed

AHEAD = Placed(share=0.95, lost=0.01, members=1_000, harmed=20, hurt=10, random_harm=0.4)
BEHIND = Placed(share=0.5, lost=0.3, members=1_000, harmed=200, hurt=150, random_harm=0.4)


@pytest.fixture
def quick(monkeypatch):
    """Few members and offers, in worlds that are quick to learn from."""
    monkeypatch.setattr(worlds, "peak_mb", lambda *_: 1.0)
    monkeypatch.setattr(worlds, "LEAST_DECISIONS", 2_000)
    monkeypatch.setattr(worlds, "LATER_MEMBERS", 1_000)
    monkeypatch.setattr(worlds, "finds_an_effect", lambda seed: seed == 1)
    monkeypatch.setattr(planted, "world", lambda seed, offers=3: world(seed, offers=min(offers, 3)))
    with threadpool_limits(1, user_api="blas"):
        yield


def test_the_curve_is_told_for_every_ranker_and_number_of_decisions(quick):
    said = []
    found = worlds.run(Size(members=4_000, offers=0, repetitions=2), said.append)
    assert len(said) == 2 * len(worlds.STEPS) + 1
    assert found.figures["empty_worlds_mistaken_of_100"] == 1
    for name in (UPLIFT, PROPENSITY, AFFINITY):
        assert f"{name}_share_at_4000" in found.figures
        assert "of 2,000;" in found.figures[f"{name}_members_harmed_at_2000"]


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (AHEAD, True),
        (BEHIND, False),
        (replace(AHEAD, share=0.85), False),
        (replace(AHEAD, harmed=300), False),
        (replace(AHEAD, hurt=11), False),
    ],
)
def test_a_claim_that_is_missed_is_noticed(found, holds):
    curve = {worlds.GOAL_DECISIONS: {UPLIFT: found, PROPENSITY: BEHIND, AFFINITY: BEHIND}}
    assert worlds._holds(curve, worlds.GOAL_DECISIONS) == holds


def test_of_fewer_decisions_only_the_order_is_claimed():
    curve = {20_000: {UPLIFT: replace(AHEAD, share=0.6, hurt=15), PROPENSITY: BEHIND, AFFINITY: BEHIND}}
    assert worlds._holds(curve, 20_000)


def test_it_can_be_asked_for():
    assert "worlds" in JOBS
