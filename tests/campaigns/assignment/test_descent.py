from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment.choosing import bound
from campaigns.assignment.descent import settled
from campaigns.assignment.limits import Limits, limits
from campaigns.assignment.prices import demand
from tests.campaigns.assignment.linear import linear_optimum
from tests.campaigns.assignment.worlds import Problem, contested, flat, grocer, rows_of


def _bound(problem: Problem, *, sample: int) -> float:
    members, most = problem.seen(), limits(problem.constraints)
    return bound(members, most, settled(members, most, sample=sample))


@pytest.mark.parametrize(
    ("problem", "near"),
    [
        # Whoever has no offer for another price would turn the bound of 1,000 members by a ten-thousandth.
        pytest.param(grocer(1_000, 10, seed=0), 1e-4, id="counts, budgets and totals"),
        pytest.param(contested(1_000, 10, seed=1), 1e-4, id="prices that chase one another"),
        pytest.param(flat(1_000, 10, seed=2, share_served=0.4), 1e-3, id="all members have the same values"),
    ],
)
def test_the_bound_comes_down_to_the_linear_optimum(problem, near):
    optimum = linear_optimum(problem)
    assert optimum * (1 - 1e-7) <= _bound(problem, sample=1_000) <= optimum * (1 + near)


def test_a_sample_gives_prices_as_good_as_everybody():
    problem = contested(20_000, 20, seed=2)
    assert abs(_bound(problem, sample=1_000) / _bound(problem, sample=20_000) - 1) < 1e-4


def test_a_limit_on_contacts_costs_what_the_next_member_would_gain():
    members = rows_of([[9.0, 1.0], [7.0, 4.0], [5.0, 6.0], [3.0, -np.inf]])
    found = settled(members, replace(Limits.none(2), contacts=2.0), sample=4)
    assert 6.0 <= found.contacts <= 7.0  # between the third and the second of their best


def test_at_the_price_of_the_total_demand_meets_it():
    members, most = _many(), replace(Limits.none(2), total=300.0)
    found = settled(members, most, sample=2_000)
    assert demand(members, most, found).total == pytest.approx(300.0, abs=2 * 1.5)  # one or two at the price itself


def test_at_the_price_of_a_channel_demand_meets_its_capacity():
    members = replace(_many(), channel=(np.arange(4_000).reshape(2_000, 2) % 3 == 0).astype(np.int8))
    most = replace(Limits.none(2, channels=2), capacity=np.array([np.inf, 100.0]))
    found = settled(members, most, sample=2_000)
    assert demand(members, most, found).capacity[1] == pytest.approx(100.0, abs=2)
    assert found.capacity[0] == 0.0


def _many():
    rng = np.random.default_rng(0)
    return rows_of(rng.uniform(0, 5, (2_000, 2)), rng.uniform(0.5, 1.5, (2_000, 2)))
