import numpy as np
import pytest

from campaigns.planning.loops import fill
from campaigns.planning.openness import Openness
from offers.rules.costs import redemption_costs
from offers.rules.terms import KINDS
from tests.offers.rules.tables import terms

ROWS, MEMBERS, OFFERS = 900, 700, 13


@pytest.fixture
def known():
    """Scores and baskets of all rows, which of them are the members, and what these may be given."""
    rng = np.random.default_rng(1)
    scored, redeem = rng.standard_normal((2, ROWS, OFFERS)).astype(np.float32)
    at = np.sort(rng.choice(ROWS, MEMBERS, replace=False))
    allowed = rng.random((MEMBERS, OFFERS)) < 0.6
    return scored, np.abs(redeem), at, allowed, rng.random(ROWS) * 80


@pytest.fixture
def costs():
    kinds = [KINDS[number % len(KINDS)] for number in range(OFFERS)]
    amounts = np.arange(OFFERS) / 7
    return redemption_costs(
        terms(OFFERS, kinds=kinds, value=3 * amounts, minimum_spend=9 * amounts, reward_cost=amounts / 3)
    )


def filled(known, costs, allowed):
    scored, redeem, at, _, baskets = known
    value, use = np.empty((2, MEMBERS, OFFERS), dtype=np.float32)
    bits = np.packbits(allowed, axis=1, bitorder="little")
    fill(scored, redeem, at, bits, baskets, costs.flat, costs.share, costs.minimum, value, use)
    return value, use


def test_a_compiled_block_is_that_of_numpy_to_the_last_bit(known, costs):
    scored, redeem, at, allowed, baskets = known
    value, use = filled(known, costs, allowed)
    assert np.array_equal(value, np.where(allowed, scored[at], -np.inf))
    assert np.array_equal(use, np.where(allowed, redeem[at] * costs.of(baskets)[at], 0))


def test_another_offer_that_may_be_given_makes_another_block(known, costs):
    """The negative control."""
    other = known[3].copy()
    other[5, 9] ^= True
    assert not np.array_equal(filled(known, costs, other)[0], filled(known, costs, known[3])[0])


def test_weights_are_summed_over_what_may_be_given(known):
    allowed, weights = known[3], np.random.default_rng(2).random(OFFERS)
    open_to = Openness(np.packbits(allowed, axis=1, bitorder="little"), OFFERS, np.zeros(1, np.int64))
    some = slice(20, 300)
    assert open_to.sums(weights, some) == pytest.approx(allowed[some] @ weights, rel=1e-14)
    assert open_to.menu(some).tolist() == allowed[some].sum(axis=1).tolist()
