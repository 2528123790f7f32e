from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import chosen
from campaigns.assignment.limits import Limits
from campaigns.assignment.prices import alone, apart, demand, met, where_count_meets
from tests.campaigns.assignment.worlds import rows_of

NONE = Limits.none(2)
VALUES = [[9.0, 1.0], [7.0, 4.0], [5.0, 6.0], [3.0, -np.inf]]
MEMBERS = rows_of(VALUES)
FREE = Prices.free(2)


def test_alone_an_offer_costs_what_the_first_member_left_out_would_gain():
    limits = replace(NONE, count=np.array([2.0, np.inf]))
    assert alone(MEMBERS, limits).count.tolist() == [5.0, 0.0]


def test_beside_others_it_costs_what_that_member_would_gain_over_their_next_best():
    limits = replace(NONE, count=np.array([1.0, np.inf]))
    # The first offer is better than the next best by 8, 3, -1 and 3: the first member takes it, 3 is left out.
    margin = chosen(MEMBERS, FREE).margin
    assert met(margin, MEMBERS, limits, FREE).count.tolist() == [3.0, 0.0]


def test_a_price_of_money_is_the_gain_per_unit_of_the_first_left_out():
    members = rows_of(VALUES, [[1.0, 0.0], [2.0, 0.0], [1.0, 0.0], [6.0, 0.0]])
    limits = replace(NONE, money=np.array([3.0, np.inf]))
    # Gains per unit of money are 9, 3.5, 5 and 0.5: the first and third take 2 of 3, and the second is left out.
    assert alone(members, limits).money.tolist() == [3.5, 0.0]


def test_a_limit_that_is_not_reached_costs_nothing():
    limits = replace(NONE, count=np.full(2, 4.0), money=np.full(2, 4.0), contacts=4.0, total=8.0)
    found = apart(MEMBERS, limits, FREE, chosen(MEMBERS, FREE))
    assert (found.count.any(), found.money.any(), found.contacts, found.total) == (False, False, 0.0, 0.0)


def test_prices_of_common_limits_go_where_demand_would_meet_these():
    rng = np.random.default_rng(0)
    members = rows_of(rng.uniform(0, 5, (20_000, 2)), rng.uniform(0.5, 1.5, (20_000, 2)))
    limits, before = replace(NONE, total=15_000.0, contacts=15_000.0), replace(FREE, total=2.0)
    after = apart(members, limits, before, chosen(members, before))
    for prices in (replace(before, total=after.total), replace(before, contacts=after.contacts)):
        taken = demand(members, limits, prices)
        met = taken.total if prices.contacts == 0 else taken.contacts
        assert met == pytest.approx(15_000, rel=0.03)  # demand bends a little


def test_a_minimum_volume_pays_what_the_last_one_needed_would_lose():
    critical = np.array([3.0, -1.0, -4.0, -2.0])
    assert where_count_meets(critical, np.inf, least=2) == -2.0  # the second gains at any price below -1
    assert where_count_meets(critical, np.inf, least=1) == 0.0


def test_where_everybody_is_needed_the_price_is_just_below_what_the_last_one_would_lose():
    price = where_count_meets(np.array([3.0, -1.0]), np.inf, least=2)
    assert -1.001 < price < -1.0
