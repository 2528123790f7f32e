from dataclasses import replace

import numpy as np

from campaigns.assignment import usage
from campaigns.assignment.bound import Prices
from campaigns.assignment.limits import Limits

TAKEN = Limits(
    count=np.array([3.0, 2.0]),
    money=np.array([1_500_000.0, 0.0]),
    contacts=5.0,
    total=1_500_000.0,
    least=np.array([3.0, 2.0]),
    capacity=np.array([5.0]),
    carried=np.array([1_500_000.0]),
)
LIMITS = replace(
    Limits.none(offers=2, channels=1),
    count=np.array([4.0, np.inf]),
    money=np.array([2_000_000.0, np.inf]),
    total=1_500_000.0,
    capacity=np.array([7.0]),
)
PRICES = Prices(np.array([0.25, 0.0]), np.array([2e-6, 0.0]), contacts=0.0, total=1e-6, capacity=np.array([0.0]))


def test_members_and_money_are_reported_in_their_own_units():
    first, _ = usage.of_each(TAKEN, LIMITS, PRICES)
    assert (first.assigned, first.limit, first.slack, first.price) == (3, 4, 1, 0.25)
    assert (first.spend, first.budget, first.budget_slack, first.budget_price) == (1.5, 2.0, 0.5, 2.0)


def test_a_limit_that_was_not_set_is_none_and_so_is_its_slack():
    _, second = usage.of_each(TAKEN, LIMITS, PRICES)
    assert (second.limit, second.slack, second.budget, second.budget_slack) == (None, None, None, None)


def test_the_limits_over_all_offers_are_reported_alike():
    total = usage.of_all(TAKEN, LIMITS, PRICES)
    assert (total.assigned, total.limit, total.spend, total.budget_slack, total.budget_price) == (
        5,
        None,
        1.5,
        0.0,
        1.0,
    )


def test_a_channel_is_reported_with_its_capacity_as_the_limit():
    (channel,) = usage.of_channels(TAKEN, LIMITS, PRICES)
    assert (channel.assigned, channel.limit, channel.slack, channel.spend, channel.budget) == (5, 7, 2, 1.5, None)
