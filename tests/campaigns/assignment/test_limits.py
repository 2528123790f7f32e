from dataclasses import replace

import numpy as np

from campaigns.assignment.limits import Limits, limits, taken, whole_millionths
from tests.campaigns.assignment.worlds import unlimited


def _single(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float32)


def test_uses_are_rounded_up_and_limits_down_to_whole_millionths():
    assert whole_millionths(_single(1e-6, 1.5e-6, 2.25e-6)).tolist() == [1.0, 2.0, 3.0]
    stated = replace(unlimited(2), budget=np.array([1.5e-6, np.nan]))
    assert limits(stated).whole().money.tolist() == [1.0, np.inf]


def test_decimals_are_counted_as_written():
    # 0.07 in single precision is a little more than 70,000 millionths, 0.29 a little less than 290,000.
    cents = np.arange(1, 10_000) / 100
    assert np.array_equal(whole_millionths(cents.astype(np.float32)), np.arange(1, 10_000) * 10_000.0)
    budgets = [limits(replace(unlimited(1), budget=np.array([cent]))).whole().money[0] for cent in cents[:500]]
    assert budgets == [10_000.0 * cent for cent in range(1, 501)]


def test_what_is_taken_counts_offers_and_money_per_offer_and_channel_and_over_all():
    used = taken(
        np.array([1, 1, 0]), np.array([2.0, 32.0, 64.0]), np.array([0, 1, 1]), Limits.none(offers=2, channels=2)
    )
    assert (used.count.tolist(), used.money.tolist(), used.contacts, used.total) == ([1, 2], [64, 34], 3, 98)
    assert (used.capacity.tolist(), used.carried.tolist()) == ([1, 2], [2, 96])


def test_a_remainder_below_0_does_not_hold():
    most = replace(Limits.none(1), count=np.array([1.0]))
    one = taken(np.array([0]), np.ones(1), None, most)
    assert most.less(one).hold()
    assert not most.less(one).less(one).hold()


def test_whole_millionths_add_up_to_the_same_sum_in_any_order():
    rng = np.random.default_rng(0)
    money = rng.lognormal(0, 2, 100_000).astype(np.float32)
    orders = [rng.permutation(len(money)) for _ in range(5)]
    assert len({float(np.cumsum(whole_millionths(money[order]))[-1]) for order in orders}) == 1
    as_it_came = money.astype(np.float64) * 1e6
    assert len({float(np.cumsum(as_it_came[order])[-1]) for order in orders}) > 1  # without rounding
