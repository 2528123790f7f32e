from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment.constraints import Constraints, LimitRefused, check
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
        (_with(least=np.array([3])), "The minimum has 1 entries for 2 offers"),
        (_with(category=np.array([3, 1, 1])), "The category has 3 entries for 2 offers"),
        (_with(least=np.array([0, -1])), "The minimum of Tea is -1"),
        (_with(capacity=np.array([5, -3])), "The capacity of channel 2 is -3"),
        (_with(each=0), "The number of offers per member is 0"),
        (
            _with(least=np.array([4, 0]), count_limit=np.array([3, -1])),
            "The minimum of Coffee is 4, and its count limit 3",
        ),
        (_with(least=np.array([4, 3]), contacts=6), "The limit on contacts is 6, and the minimums .* add up to 7"),
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
