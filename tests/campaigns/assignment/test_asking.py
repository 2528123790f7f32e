import numpy as np
import pytest

from campaigns.assignment.asking import asked
from campaigns.assignment.bound import Prices
from campaigns.assignment.rows import rules
from tests.campaigns.assignment.worlds import many_kinds


@pytest.fixture
def problem():
    return many_kinds(3_000, 9, seed=7)


def test_it_counts_who_may_have_each_offer(problem):
    found = asked(problem.pairs(), rules(problem.constraints), Prices.free(9, 3))
    may = problem.allowed & (problem.most > 0)[:, None]
    assert found.open_to.tolist() == may.sum(axis=0).tolist()
    assert found.largest == np.abs(problem.values[may].astype(np.float32)).max()


def test_demand_does_not_depend_on_how_members_are_split(problem, monkeypatch):
    rule = rules(problem.constraints)
    whole = asked(problem.pairs(), rule, Prices.free(9, 3)).demand
    monkeypatch.setattr("campaigns.assignment.survey.PAIRS_AT_ONCE", 1_000)
    assert np.array_equal(asked(problem.pairs(), rule, Prices.free(9, 3)).demand.row(), whole.row())


def test_less_is_wanted_at_higher_prices(problem):
    rule, free = rules(problem.constraints), Prices.free(9, 3)
    dear = free.with_row(np.where(np.arange(len(free.row())) < 9, 1e9, 0.0))
    assert asked(problem.pairs(), rule, free).demand.contacts > 0
    assert asked(problem.pairs(), rule, dear).demand.contacts == 0
