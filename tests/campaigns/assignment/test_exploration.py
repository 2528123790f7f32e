from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from campaigns.assignment import holdout
from campaigns.assignment.constraints import Constraints
from campaigns.assignment.exploration import NOTHING, Chances, Demand, Design, Taken, drawn, less, standing
from loyalty.profiling.refs import Refs

# One million decisions: members M000000 on, under this salt, with 10 % held out and 20 % of the others exploring.
DECISIONS, SALT, HELD_OUT, EXPLORED = 1_000_000, "salt-of-the-test", 0.1, 0.2
OFFERS = 4
# Of 4 offers, draws of the third stand half of the time, and of the last never.
STANDS = np.array([1.0, 1.0, 0.5, 0.0])
# Which offers are open, by the member's number modulo 5, and what the policy gives them.
OPEN = np.array([[1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 1, 0, 1]], dtype=np.bool_)
POLICY = np.array([2, 0, NOTHING, 3, 1])


@pytest.fixture(scope="module")
def refs():
    text = np.array([f"M{number:06}".encode() for number in range(DECISIONS)]).view(np.uint8)
    return Refs.joined(text, np.full(DECISIONS, 7))


@pytest.fixture(scope="module")
def given(refs):
    """What became of each: the offer, NOTHING, or -2 for the held out."""
    kind = np.arange(DECISIONS) % len(OPEN)
    held_out = holdout.arms(refs, salt=SALT, share_held_out=HELD_OUT)
    chances = Chances.of(holdout.hashes(refs, salt=f"{SALT}|explore"))
    explores = ~held_out & (chances.explores < EXPLORED)
    offer = POLICY[kind].copy()
    draws = drawn(OPEN[kind], chances, STANDS)
    offer[explores & (draws >= 0)] = draws[explores & (draws >= 0)]
    offer[held_out] = -2
    return offer


def logged(design: Design) -> np.ndarray:
    """By kind of member, the probabilities of each offer, of nothing and of being held out, as they are logged."""
    told = np.zeros((len(OPEN), OFFERS + 2))
    for kind, (allowed, policy) in enumerate(zip(OPEN, POLICY.tolist(), strict=True)):
        menu = np.full(OFFERS, allowed.sum())
        told[kind, :OFFERS] = np.where(allowed, design.by_chance(menu, np.arange(OFFERS)), 0)
        told[kind, policy if policy >= 0 else OFFERS] += design.by_policy(
            menu[:1], np.array([design.stands @ allowed])
        )[0]
    told[:, -1] = design.held_out
    return told


def p_value(design: Design, given: np.ndarray) -> float:
    """Of a chi-square test of the logged probabilities against how often each thing was given, by kind of member."""
    kind = np.arange(DECISIONS) % len(OPEN)
    place = np.select([given >= 0, given == NOTHING], [given, OFFERS], OFFERS + 1)
    found = np.zeros((len(OPEN), OFFERS + 2))
    np.add.at(found, (kind, place), 1)
    expected = logged(design) * np.bincount(kind)[:, None]
    assert expected.sum() == pytest.approx(DECISIONS)
    possible = expected > 0
    assert not found[~possible].any()
    freedom = int(possible.sum()) - len(OPEN)
    return float(stats.chi2.sf(((found - expected)[possible] ** 2 / expected[possible]).sum(), freedom))


def test_logged_probabilities_are_those_with_which_things_were_given(given):
    assert p_value(Design(HELD_OUT, EXPLORED, STANDS), given) > 0.001


@pytest.mark.parametrize(
    "wrong", [{"explored": 0.21}, {"stands": np.array([1.0, 1.0, 0.55, 0.0])}, {"stands": np.ones(OFFERS)}]
)
def test_probabilities_that_are_a_little_wrong_are_noticed(given, wrong):
    """The negative control of the test above."""
    assert p_value(replace(Design(HELD_OUT, EXPLORED, STANDS), **wrong), given) < 0.001


def test_nobody_draws_what_is_not_open_to_them(given):
    kind = np.arange(DECISIONS) % len(OPEN)
    has = given >= 0
    assert OPEN[kind[has], given[has]].all()


def limits(**stated) -> Constraints:
    free = {"count_limit": np.full(OFFERS, -1), "budget": np.full(OFFERS, np.nan)}
    return Constraints(**{**free, **stated})


def demand(count=1000.0, money=500.0, carried=None) -> Demand:
    by_channel = np.zeros((OFFERS, 0)) if carried is None else carried
    return Demand(np.full(OFFERS, count), np.full(OFFERS, money), by_channel)


def test_without_a_limit_every_draw_stands():
    assert standing(demand(), limits(), share=0.05).tolist() == [1] * OFFERS


def test_chance_takes_its_share_of_a_limit():
    counts = np.array([-1, 10_000, 100_000, 5])
    # Of 10,000 places 5 % are 500, half of what would be drawn; of 5 places chance might take too many.
    assert standing(demand(), limits(count_limit=counts), share=0.05).tolist() == [1, 0.5, 1, 0]


def test_chance_takes_its_share_of_money_in_all_and_of_each_offer():
    budget = np.array([np.nan, 5000.0, np.nan, np.nan])
    assert standing(demand(), limits(budget=budget), share=0.05).tolist() == [1, 0.5, 1, 1]
    assert standing(demand(), limits(total_budget=20_000.0), share=0.05) == pytest.approx([0.5] * OFFERS)


def test_a_channel_that_is_full_limits_only_what_it_carries():
    carried = np.array([[1000.0, 0], [1000.0, 0], [0, 1000.0], [0, 1000.0]])
    stands = standing(demand(carried=carried), limits(capacity=np.array([20_000, -1])), share=0.05)
    assert stands == pytest.approx([0.5, 0.5, 1, 1])


def test_what_explorers_took_is_off_the_limits_of_the_others():
    taken = Taken(np.array([3, 0, 1, 0]), np.array([6.0, 0, 1, 0]), np.array([3, 1]), 5.0)
    stated = limits(
        count_limit=np.array([10, -1, 2, 5]),
        budget=np.array([10.0, np.nan, 3, 3]),
        total_budget=20.0,
        contacts=9,
        least=np.array([2, 0, 4, 0]),
        capacity=np.array([5, -1]),
    )
    left = less(stated, taken)
    assert left.count_limit.tolist() == [7, -1, 1, 5]
    assert left.budget[[0, 2, 3]].tolist() == [4, 2, 3]
    assert (left.total_budget, left.contacts) == (13, 5)
    assert left.least.tolist() == [0, 0, 3, 0]
    assert left.capacity.tolist() == [2, -1]
    assert not taken.exceeds(stated)


@pytest.mark.parametrize(
    "stated",
    [
        {"count_limit": np.array([2, -1, -1, -1])},
        {"budget": np.array([5.0, np.nan, np.nan, np.nan])},
        {"total_budget": 6.5},
        {"contacts": 3},
        {"capacity": np.array([2, -1])},
    ],
)
def test_a_limit_that_chance_exceeds_is_noticed(stated):
    taken = Taken(np.array([3, 0, 1, 0]), np.array([6.0, 0, 1, 0]), np.array([3, 1]), 5.0)
    assert taken.exceeds(limits(**stated))
