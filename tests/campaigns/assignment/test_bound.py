from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.assignment.bound import Prices, at_limits
from campaigns.assignment.choosing import bound
from campaigns.assignment.limits import MILLIONTHS, Limits, limits
from tests.campaigns.assignment.small import best_value, problems
from tests.campaigns.assignment.worlds import rows_of

prices = st.floats(0, 10)


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_any_prices_prove_a_bound(problem, data):
    k = problem.values.shape[1]
    some = data.draw(st.lists(prices, min_size=2 * k + 2, max_size=2 * k + 2))
    most = limits(problem.constraints)
    charged = Prices(
        count=np.where(np.isfinite(most.count), some[:k], 0.0),
        money=np.where(np.isfinite(most.money), some[k : 2 * k], 0.0) / MILLIONTHS,
        contacts=some[-2] if np.isfinite(most.contacts) else 0.0,
        total=some[-1] / MILLIONTHS if np.isfinite(most.total) else 0.0,
        capacity=np.empty(0),
    )
    members = rows_of(np.where(problem.allowed, problem.values, -np.inf), problem.use * MILLIONTHS)
    assert bound(members, most, charged) >= best_value(problem) - 1e-9


def test_the_bound_is_what_members_keep_and_what_limits_charge():
    members = rows_of([[5.0, 1.0], [2.0, 4.0], [1.0, -np.inf]], [[1.0, 2.0]] * 3)
    most = replace(Limits.none(2), count=np.array([1.0, np.inf]), total=3.0)
    charged = replace(Prices.free(2), count=np.array([1.5, 0.0]), total=0.5)
    # Charges are 1.5 + 0.5 × 1 and 0.5 × 2: the members keep 3, 3 and 0; the limits charge 1.5 × 1 + 0.5 × 3.
    assert bound(members, most, charged) == 3 + 3 + 0 + 1.5 + 1.5


def test_a_price_below_0_is_paid_for_the_minimum_volume():
    members = rows_of([[1.0], [-2.0]])
    most = replace(Limits.none(1), count=np.array([9.0]), least=np.array([2.0]))
    # With 2.5 on top the members keep 3.5 and 0.5, and the minimum of 2 costs 5: the best is 1 - 2.
    assert bound(members, most, replace(Prices.free(1), count=np.array([-2.5]))) == 3.5 + 0.5 - 5.0


def test_channels_charge_for_what_they_carry():
    members = rows_of([[5.0], [5.0]], channel=[[0], [1]])
    most = replace(Limits.none(1, channels=2), capacity=np.array([1.0, np.inf]))
    charged = replace(Prices.free(1, channels=2), capacity=np.array([2.0, 0.0]))
    assert bound(members, most, charged) == 3 + 5 + 2


def test_a_limit_of_infinity_without_a_price_charges_nothing():
    assert at_limits(Limits.none(2, 1), Prices.free(2, 1)) == 0.0
