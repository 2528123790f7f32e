import numpy as np
import pytest

from campaigns.assignment.exploration import Chances, drawn
from campaigns.training.chances import design

HELD_OUT, EXPLORED = 0.2, 0.25


@pytest.fixture(scope="module")
def run():
    """Members of whom half may have both offers, half the second alone, of which every other draw stands."""
    rng = np.random.default_rng(5)
    members = 200_000
    allowed = np.column_stack([rng.random(members) < 0.5, np.ones(members, dtype=bool)])
    held_out = rng.random(members) < HELD_OUT
    exploring = ~held_out & (rng.random(members) < EXPLORED)
    offer = np.full(members, -1)
    chances = Chances(*(rng.random(int(exploring.sum())) for _ in range(3)))
    offer[exploring] = drawn(allowed[exploring], chances, np.array([1.0, 0.5]))
    kept = held_out | (offer >= 0)
    return allowed[kept], offer[kept]


def test_chances_are_those_with_which_exploring_drew(run):
    allowed, offer = run
    found = design(allowed, offer, held_out=HELD_OUT, explored=EXPLORED)
    for both in (True, False):
        here = allowed[:, 0] == both
        happened = [np.mean(offer[here] == each) for each in (0, 1)]
        assert found.chances[found.design[here][0]] == pytest.approx(happened, abs=0.01)


def test_what_chances_lack_to_1_is_the_share_that_got_nothing(run):
    allowed, offer = run
    found = design(allowed, offer, held_out=HELD_OUT, explored=EXPLORED)
    assert 1 - found.chances[found.design].sum(axis=1).mean() == pytest.approx(np.mean(offer < 0), abs=0.01)


def test_an_offer_that_is_not_open_has_no_chance(run):
    allowed, offer = run
    found = design(allowed, offer, held_out=HELD_OUT, explored=EXPLORED)
    assert not found.chances[found.design][~allowed].any()
