import numpy as np
import pytest

from offers.rules.costs import redemption_cost
from tests.offers.rules.tables import terms

BASKETS = np.array([10.0, 50.0, np.nan])


@pytest.mark.parametrize(
    ("kind", "value", "minimum", "reward", "expected"),
    [
        ("percent", 20, 0, 0, [2, 10, 0]),
        ("percent", 20, 30, 0, [6, 10, 6]),
        ("percent", 20, 30, 0.5, [6.5, 10.5, 6.5]),
        ("amount", 3, 30, 0, [3, 3, 3]),
        ("free_item", 2.5, 0, 0.25, [2.75, 2.75, 2.75]),
        ("points", 500, 0, 1.5, [1.5, 1.5, 1.5]),
        ("multiplier", 3, 0, 0.75, [0.75, 0.75, 0.75]),
        ("information", 9, 0, 0, [0, 0, 0]),
        ("service", 9, 0, 4, [4, 4, 4]),
    ],
)
def test_a_redemption_costs_its_discount_and_its_reward(kind, value, minimum, reward, expected):
    offer = terms(1, kinds=[kind], value=[value], minimum_spend=[minimum], reward_cost=[reward])
    assert redemption_cost(offer, BASKETS)[:, 0].tolist() == expected


def test_costs_are_members_by_offers_in_single_precision():
    cost = redemption_cost(terms(2), BASKETS)
    assert (cost.shape, cost.dtype) == ((3, 2), np.float32)
