from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment.constraints import Constraints, LimitRefused, check, limits, taken, whole_millionths
from tests.campaigns.assignment.worlds import unlimited


def _with(**changes) -> Constraints:
    return replace(unlimited(2), **changes)


@pytest.mark.parametrize(
    ("constraints", "sentence"),
    [
        (_with(count_limit=np.array([3, -2])), "The count limit of Tea is -2"),
        (_with(budget=np.array([-0.5, np.nan])), "The budget of Coffee is -0.5"),
        (_with(budget=np.array([np.nan, np.inf])), "The budget of Tea is inf"),
        (_with(total_budget=-1.0), "The total budget is -1.0"),
        (_with(total_budget=np.nan), "The total budget is nan"),
        (_with(contacts=-3), "The limit on contacts is -3"),
        (_with(count_limit=np.array([3])), "The count limit has 1 entries for 2 offers"),
        (_with(budget=np.array([3.0])), "The budget has 1 entries for 2 offers"),
    ],
)
def test_a_limit_that_cannot_be_respected_is_refused_by_its_name(constraints, sentence):
    with pytest.raises(LimitRefused, match=sentence):
        check(constraints, 2, names=["Coffee", "Tea"])


def test_without_names_an_offer_is_called_by_its_position():
    with pytest.raises(LimitRefused, match="count limit of offer 2 is -7"):
        check(_with(count_limit=np.array([0, -7])), 2)


def test_limits_of_nothing_and_no_limits_are_accepted():
    check(_with(count_limit=np.array([0, -1]), budget=np.array([0.0, np.nan]), total_budget=0.0, contacts=0), 2)


def test_uses_are_rounded_up_and_limits_down_to_whole_millionths():
    assert whole_millionths(np.array([0.1, 1.0, 1.5])).tolist() == [1.0, 1.0, 2.0]
    assert limits(_with(budget=np.array([1.5e-6, np.nan]))).whole().money.tolist() == [1.0, np.inf]


def test_decimals_are_counted_as_written():
    # 0.07 × 1,000,000 is a little more than 70,000 in binary, 0.29 × 1,000,000 a little less than 290,000.
    cents = np.arange(1, 10_000) / 100
    assert np.array_equal(whole_millionths(cents * 1e6), np.arange(1, 10_000) * 10_000.0)
    budgets = [limits(_with(budget=np.array([cent, np.nan]))).whole().money[0] for cent in cents[:500]]
    assert budgets == [10_000.0 * cent for cent in range(1, 501)]


def test_what_is_taken_counts_members_and_money_per_offer_and_over_all():
    used = taken(np.array([1, -1, 1, 0]), np.array([[1.0, 2.0], [4.0, 8.0], [16.0, 32.0], [64.0, 128.0]]))
    assert (used.count.tolist(), used.money.tolist(), used.contacts, used.total) == ([1, 2], [64, 34], 3, 98)


def test_whole_millionths_add_up_to_the_same_sum_in_any_order():
    rng = np.random.default_rng(0)
    money = rng.lognormal(0, 2, 100_000) * 1e6
    sums = {float(np.cumsum(whole_millionths(money[rng.permutation(len(money))]))[-1]) for _ in range(5)}
    assert len(sums) == 1
    assert len({float(np.cumsum(money[rng.permutation(len(money))])[-1]) for _ in range(5)}) > 1  # without rounding
