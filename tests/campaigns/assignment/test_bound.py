from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.assignment.bound import Prices, bound
from campaigns.assignment.constraints import MILLIONTHS, limits
from tests.campaigns.assignment.small import best_value, problems
from tests.campaigns.assignment.worlds import unlimited

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
    )
    values = np.where(problem.allowed, problem.values, -np.inf)
    assert bound(values, problem.use * MILLIONTHS, most, charged) >= best_value(problem) - 1e-9


def test_the_bound_is_what_members_keep_and_what_limits_charge():
    values = np.array([[5.0, 1.0], [2.0, 4.0], [1.0, -np.inf]])
    most = limits(replace(unlimited(2), count_limit=np.array([1, -1]), total_budget=3e-6))
    charged = Prices(count=np.array([1.5, 0.0]), money=np.zeros(2), total=0.5)
    # Charges are 1.5 + 0.5 × 1 and 0.5 × 2: the members keep 3, 3 and 0; the limits charge 1.5 × 1 + 0.5 × 3.
    assert bound(values, np.array([[1.0, 2.0]] * 3), most, charged) == 3 + 3 + 0 + 1.5 + 1.5
