from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment import exact
from campaigns.assignment.given import given
from campaigns.assignment.limits import Limits
from campaigns.assignment.minimum import supplied
from tests.campaigns.assignment.worlds import Problem, exceeded, many_kinds, rows_of, single, ties, unlimited


def _counts(use: list[float], offer: list[int], **limit: float) -> list[int]:
    """Who has the first offer in the end, of members who all like it and of whom some have it already."""
    rows = rows_of([[3.0 - 0.1 * member] for member in range(len(use))], np.array(use)[:, None])
    none = Limits.none(1)
    limits = replace(none, least=np.array([limit["least"]]), money=np.array([limit["money"]]))
    has = given(np.array(offer, dtype=np.int16)[:, None], rows)
    return sorted(supplied(has, rows, rows.value, limits).members.tolist())


def test_what_is_missing_goes_to_those_who_lose_least():
    assert _counts([1, 1, 1, 1], [0, -1, -1, -1], least=3, money=9) == [0, 1, 2]


def test_whoever_uses_much_of_the_budget_makes_room_for_two_who_use_little():
    assert _counts([6, 5, 1, 1], [0, -1, -1, -1], least=2, money=6) == [2, 3]


def test_where_the_budget_does_not_reach_as_many_have_it_as_it_pays_for():
    assert len(_counts([3, 3, 3], [0, -1, -1], least=3, money=8)) == 2


def test_minimums_beside_budgets_of_the_same_offers_are_met():
    problem = many_kinds(4_000, 50, seed=5)
    least = np.zeros(50, dtype=np.int64)
    least[[1, 4]] = 40  # of the second of which the budget pays for 40 only where they are chosen for it
    problem = replace(problem, constraints=replace(problem.constraints, least=least))
    found = problem.solved()
    assert exceeded(problem, found) == 0
    assert found.gap <= 0.002


@pytest.mark.parametrize("seed", range(6))
def test_minimums_made_up_step_by_step_come_near_those_by_branch_and_bound(seed, monkeypatch):
    rng, shape = np.random.default_rng(seed), (40, 6)
    constraints = replace(unlimited(6), least=np.array([8, 0, 6, 0, 0, 4]), contacts=36, budget=np.full(6, 6.0))
    values, use = single(rng.normal(1, 1, shape)), single(rng.uniform(0.2, 1.0, shape))
    problem = Problem(values, rng.random(shape) < 0.7, use, constraints, ties(40, seed))
    best = problem.solved().value
    monkeypatch.setattr(exact, "WORTH_PAIRS", 0)
    found = problem.solved()
    assert exceeded(problem, found) == 0
    assert found.value >= 0.95 * best  # two of 40 who do not have the best for them
