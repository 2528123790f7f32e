from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment.bound import Prices
from campaigns.assignment.constraints import Limits
from campaigns.assignment.prices import alone, margins, one_pass

NONE = Limits(count=np.full(2, np.inf), money=np.full(2, np.inf), contacts=np.inf, total=np.inf)
VALUES = np.array([[9.0, 1.0], [7.0, 4.0], [5.0, 6.0], [3.0, -np.inf]])


def test_a_margin_is_the_advantage_over_the_best_other_offer_or_nothing():
    found = margins(np.array([[5.0, 3.0, -1.0], [-2.0, -1.0, -np.inf]]))
    assert found.tolist() == [[2.0, -2.0, -6.0], [-2.0, -1.0, -np.inf]]


def test_alone_an_offer_costs_what_the_first_member_left_out_would_gain():
    limits = replace(NONE, count=np.array([2.0, np.inf]))
    assert alone(VALUES, np.ones((4, 2)), limits).count.tolist() == [5.0, 0.0]


def test_beside_others_it_costs_what_that_member_would_gain_over_their_next_best():
    limits = replace(NONE, count=np.array([1.0, np.inf]))
    # The first offer is better than the next best by 8, 3, -1 and 3: the first member takes it, 3 is left out.
    assert one_pass(VALUES, np.ones((4, 2)), limits, Prices.free(2)).count.tolist() == [3.0, 0.0]


def test_a_price_of_money_is_the_gain_per_unit_of_the_first_left_out():
    use = np.array([[1.0, 0.0], [2.0, 0.0], [1.0, 0.0], [6.0, 0.0]])
    limits = replace(NONE, money=np.array([3.0, np.inf]))
    # Gains per unit of money are 9, 3.5, 5 and 0.5: the first and third take 2 of 3, and the second is left out.
    assert alone(VALUES, use, limits).money.tolist() == [3.5, 0.0]


def test_a_limit_that_is_not_reached_costs_nothing():
    limits = Limits(np.full(2, 4.0), np.full(2, 4.0), contacts=4.0, total=8.0)
    found = one_pass(VALUES, np.ones((4, 2)), limits, Prices.free(2))
    assert (found.count.any(), found.money.any(), found.contacts, found.total) == (False, False, 0.0, 0.0)


def test_a_limit_on_contacts_costs_what_the_next_member_would_gain():
    assert one_pass(VALUES, np.ones((4, 2)), replace(NONE, contacts=2.0), Prices.free(2)).contacts == 6.0


def test_at_the_price_of_the_total_demand_meets_it():
    rng = np.random.default_rng(0)
    values, use = rng.uniform(0, 5, (2_000, 2)), rng.uniform(0.5, 1.5, (2_000, 2))
    prices = one_pass(values, use, replace(NONE, total=300.0), Prices.free(2))
    reduced = values - prices.of(use)
    best = reduced.argmax(axis=1)
    demand = use[np.arange(2_000), best][reduced.max(axis=1) > 0].sum()
    assert demand == pytest.approx(300.0, abs=2 * 1.5)  # a member or two at the price itself
