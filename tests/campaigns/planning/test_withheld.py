"""What the held out would have been given: the same policy, at the same prices, from nobody's share."""

import numpy as np
import pytest
from scipy import stats

from campaigns.assignment import solver
from campaigns.planning.withheld import withheld
from tests.campaigns.planning.worlds import limits, world

MEMBERS, OFFERS = 6_000, 5
HELD_OUT = np.arange(MEMBERS) % 4 == 0
STATED = {
    "no limits": {},
    "counts": {"count_limit": np.array([150, 300, 450, -1, 0])},
    "budgets": {"budget": np.array([50.0, 150, np.nan, 100, np.nan]), "total_budget": 700.0},
    "contacts": {"contacts": 900},
    "several each": {"contacts": 2_000, "each": 2, "category": np.array([0, 0, 1, 1, -1])},
}


def decided(**stated):
    """What the others were given, and what was withheld from a quarter of the members."""
    pairs, constraints = world(MEMBERS, OFFERS, seed=7), limits(OFFERS, **stated)
    assignment = solver.assign(pairs.take(~HELD_OUT), constraints)
    return pairs, assignment, withheld(pairs.take(HELD_OUT), assignment, constraints)


def test_without_limits_each_would_have_had_what_they_would_be_assigned():
    pairs, _, found = decided()
    everybody = solver.assign(pairs, limits(OFFERS))
    assert np.array_equal(found.offer, everybody.offer[HELD_OUT])


@pytest.mark.parametrize("stated", STATED.values(), ids=STATED)
def test_of_each_offer_the_held_out_would_have_had_the_share_that_the_others_had(stated):
    _, assignment, found = decided(**stated)
    counts = [np.bincount(offer.ravel() + 1, minlength=OFFERS + 1) for offer in (assignment.offer, found.offer)]
    some = np.sum(counts, axis=0) > 0
    assert stats.chi2_contingency(np.array(counts)[:, some]).pvalue > 0.001


def test_without_the_prices_they_would_have_had_more_than_the_others():
    """The control of the test above: it sees whether the held out pay what the others pay."""
    pairs, assignment, _ = decided(contacts=900)
    free = withheld(pairs.take(HELD_OUT), solver.assign(pairs.take(~HELD_OUT), limits(OFFERS)), limits(OFFERS))
    counts = [np.bincount(offer.ravel() + 1, minlength=OFFERS + 1) for offer in (assignment.offer, free.offer)]
    assert stats.chi2_contingency(np.array(counts)).pvalue < 1e-6


def test_what_is_told_of_its_worth_is_the_value_of_the_pair():
    pairs, _, found = decided(**STATED["several each"])
    value = pairs.value[HELD_OUT]
    member, rank = np.nonzero(found.offer >= 0)
    assert np.array_equal(found.score[member, rank], value[member, found.offer[member, rank]])
    assert (found.score[found.offer < 0] == 0).all()


def test_nobody_would_have_had_what_was_not_open_to_them_or_of_which_there_was_none():
    pairs, _, found = decided(**STATED["counts"])
    member, rank = np.nonzero(found.offer >= 0)
    assert np.isfinite(pairs.value[HELD_OUT][member, found.offer[member, rank]]).all()
    assert not (found.offer == 4).any()


def test_of_one_category_one_would_have_been_given():
    _, _, found = decided(**STATED["several each"])
    category = np.array([0, 0, 1, 1, 2])[found.offer]
    both = (found.offer >= 0).all(axis=1)
    assert both.any()
    assert (category[both, 0] != category[both, 1]).all()


def test_nobody_held_out_has_nothing_withheld():
    pairs, assignment, _ = decided()
    assert withheld(pairs.take(np.zeros(MEMBERS, dtype=bool)), assignment, limits(OFFERS)).offer.shape == (0, 1)
