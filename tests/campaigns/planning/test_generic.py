"""The generic group: one offer for all of them, the best by itself, within their part of every limit."""

import numpy as np
import pytest

from campaigns.planning import generic as module
from campaigns.planning.generic import best_single, generic
from tests.campaigns.planning.worlds import World, limits, world

MEMBERS, OFFERS = 1_000, 6
GROUP = np.arange(0, MEMBERS, 4)
PART = 0.25


@pytest.fixture
def pairs() -> World:
    return world(MEMBERS, OFFERS, seed=1)


def given(pairs, constraints, **facts):
    return generic(pairs, GROUP, constraints, **{"part": PART, **facts})


def sums(pairs):
    """What each offer would earn of all whom it is worth it."""
    return np.maximum(pairs.value, 0).sum(axis=0)


def test_the_best_offer_is_the_one_that_earns_most_of_all_members(pairs):
    assert best_single(pairs, limits(OFFERS)) == sums(pairs).argmax()


def test_the_order_of_members_has_no_say_in_it(pairs):
    turned = pairs.take(np.arange(MEMBERS)[::-1])
    assert best_single(turned, limits(OFFERS)) == best_single(pairs, limits(OFFERS))


def test_an_offer_of_which_there_is_little_gives_way_to_one_for_all(pairs):
    first, second = np.argsort(-sums(pairs))[:2]
    count = np.where(np.arange(OFFERS) == first, 10, -1)
    assert best_single(pairs, limits(OFFERS, count_limit=count)) == second


def test_of_limits_over_all_offers_the_dearest_offer_bears_most():
    """Two offers worth the same: of the one that takes twice the money the budget buys half as many."""
    value = np.array([[1.0, 0.9]] * 100, dtype=np.float32)
    use = np.array([[2.0, 1.0]] * 100, dtype=np.float32)
    pairs = World(value, use, np.arange(100, dtype=np.uint64))
    assert best_single(pairs, limits(2)) == 0
    assert best_single(pairs, limits(2, total_budget=100.0)) == 1


def test_where_nothing_earns_anything_there_is_no_best(pairs):
    worthless = World(-np.abs(np.nan_to_num(pairs.value)), pairs.use, pairs.tie)
    assert best_single(worthless, limits(OFFERS)) == -1
    assert (given(worthless, limits(OFFERS)).offer == -1).all()


def test_of_many_members_some_who_are_spread_evenly_stand_for_all(pairs, monkeypatch):
    monkeypatch.setattr(module, "SAMPLE", MEMBERS // 2)
    assert best_single(pairs, limits(OFFERS)) == sums(pairs).argmax()


def test_every_member_of_the_group_whom_it_is_worth_it_gets_the_same(pairs):
    best, found = int(sums(pairs).argmax()), given(pairs, limits(OFFERS))
    wants = pairs.value[GROUP, best] > 0
    assert np.array_equal(found.offer, np.where(wants, best, -1))
    assert np.array_equal(found.score, np.where(wants, pairs.value[GROUP, best], 0))
    assert (found.chance == 1).all()


LIMITS = {
    "count": {"count_limit": np.full(OFFERS, 200)},
    "contacts": {"contacts": 200},
    "budget": {"budget": np.full(OFFERS, 100.0)},
    "total budget": {"total_budget": 100.0},
}


@pytest.mark.parametrize("stated", LIMITS.values(), ids=LIMITS)
def test_the_group_takes_its_part_of_each_limit_and_no_more(pairs, stated):
    found, constraints = given(pairs, limits(OFFERS, **stated)), limits(OFFERS, **stated)
    part = {
        "count_limit": PART * constraints.count_limit,
        "contacts": PART * np.array([constraints.contacts or 0]),
        "budget": PART * constraints.budget,
        "total_budget": PART * np.array([constraints.total_budget or 0]),
    }
    (name,) = stated
    used = found.taken.count if name in ("count_limit", "contacts") else found.taken.money
    most = float(np.max(part[name]))
    assert most - 1 <= used.sum() <= most
    assert not found.taken.exceeds(constraints)


def test_a_channel_carries_no_more_of_the_group_than_its_part():
    pairs = world(MEMBERS, OFFERS, seed=2, channels=2)
    found = given(pairs, limits(OFFERS, capacity=np.array([40, -1])))
    assert found.taken.carried[0] == 10
    assert found.taken.carried[1] > 10


def test_which_of_them_get_it_says_a_hash_and_its_chance_is_told(pairs):
    constraints = limits(OFFERS, contacts=200)
    found, free = given(pairs, constraints), given(pairs, limits(OFFERS))
    wants, has = free.offer >= 0, found.offer >= 0
    assert has.sum() == 50
    assert (has <= wants).all()
    assert np.array_equal(found.suits, wants)
    assert set(np.unique(pairs.tie[GROUP][has])) == set(np.sort(pairs.tie[GROUP][wants])[:50])
    assert found.chance[has] == pytest.approx(50 / wants.sum())
    assert found.chance[wants & ~has] == pytest.approx(1 - 50 / wants.sum())
    assert (found.chance[~wants] == 1).all()


def test_without_a_group_nothing_is_asked_and_nothing_is_taken(pairs, monkeypatch):
    monkeypatch.setattr(module, "best_single", lambda *_: pytest.fail("asked"))
    found = generic(pairs, GROUP[:0], limits(OFFERS), part=0.0)
    assert (len(found.offer), found.taken.count.tolist()) == (0, [0] * OFFERS)
