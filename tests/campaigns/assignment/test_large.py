from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment import solver, sorting, survey
from campaigns.assignment.constraints import LimitRefused
from loyalty.profiling import cores
from tests.campaigns.assignment.worlds import Problem, contested, exceeded, flat, grocer, many_kinds, unlimited

MEMBERS = 20_000


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    """So that a fifth of them is the sample, and they come in many blocks."""
    monkeypatch.setattr(solver, "MANY", MEMBERS // 2)
    monkeypatch.setattr(solver, "SMALLEST_SAMPLE", MEMBERS // 5)
    monkeypatch.setattr(survey, "PAIRS_AT_ONCE", 2**14)


WORLDS = [
    pytest.param(grocer(MEMBERS, 12, seed=1, totals=False), id="counts and budgets"),
    pytest.param(grocer(MEMBERS, 12, seed=2), id="counts, budgets and totals"),
    pytest.param(contested(MEMBERS, 12, seed=3), id="half of them can have something"),
    pytest.param(flat(MEMBERS, 12, seed=4, share_served=0.4), id="equal for everybody, and scarce"),
    pytest.param(many_kinds(MEMBERS, 12, seed=5), id="limits of all kinds"),
]


@pytest.mark.parametrize("problem", WORLDS)
def test_no_limit_is_exceeded_and_the_gap_is_small(problem):
    found = problem.solved()
    assert exceeded(problem, found) == 0
    assert found.gap <= 5e-4


@pytest.mark.parametrize("problem", WORLDS)
def test_the_worth_of_what_is_given_and_whom_anything_would_be_worth_giving_are_told(problem):
    found, values = problem.solved(), problem.pairs().value
    members, places = np.nonzero(found.offer >= 0)
    assert np.array_equal(found.worth[members, places], values[members, found.offer[members, places]])
    assert not found.worth[found.offer < 0].any()
    assert np.array_equal(found.pays, (values > 0).any(axis=1))


@pytest.mark.parametrize("problem", WORLDS)
def test_it_comes_to_what_those_in_memory_come_to_within_both_gaps(problem, monkeypatch):
    found = problem.solved()
    monkeypatch.setattr(solver, "MANY", MEMBERS)
    other = problem.solved()
    assert found.value <= other.bound
    assert other.value <= found.bound


@pytest.mark.parametrize("problem", [WORLDS[1].values[0], WORLDS[4].values[0]])
def test_the_order_of_the_rows_does_not_matter(problem):
    order = np.random.default_rng(7).permutation(MEMBERS)
    again, found = problem.reordered(order).solved(), problem.solved()
    assert np.array_equal(again.offer, found.offer[order])
    assert _told(again) == _told(found)


@pytest.mark.parametrize("problem", [WORLDS[4].values[0]])
def test_one_core_and_four_and_blocks_of_any_size_come_to_the_same(problem, monkeypatch):
    found = problem.solved()
    monkeypatch.setattr(cores, "CORES", 1)
    monkeypatch.setattr(survey, "PAIRS_AT_ONCE", 2**12 + 7)
    again = problem.solved()
    assert np.array_equal(again.offer, found.offer)
    assert _told(again) == _told(found)


def _told(found: solver.Assignment) -> tuple:
    return found.value, found.bound, found.gap, found.offers, found.total, found.channels


def test_most_members_are_sure_after_the_sample_and_only_the_rest_is_kept(monkeypatch):
    kept = []
    sort = sorting.sort
    monkeypatch.setattr(
        "campaigns.assignment.large.sort", lambda *some, **more: kept.append(sort(*some, **more)) or kept[-1]
    )
    grocer(MEMBERS, 12, seed=8, totals=False).solved()
    assert 0 < max(len(each.edge) for each in kept) < MEMBERS / 2


def test_a_minimum_that_too_few_may_have_is_refused_by_name():
    problem = grocer(MEMBERS, 4, seed=9)
    problem = replace(problem, constraints=replace(unlimited(4), least=np.array([0, 0, MEMBERS, 0])))
    with pytest.raises(LimitRefused, match="The minimum of offer 3 is 20,000, and only"):
        problem.solved()


def test_minimums_that_cannot_be_met_together_are_refused_by_name():
    problem = grocer(MEMBERS, 4, seed=10)
    wanted = np.array([MEMBERS, MEMBERS, 0, 0]) * 11 // 20
    everybody = replace(problem, allowed=np.ones(problem.allowed.shape, dtype=bool))
    with pytest.raises(LimitRefused, match=r"The minimum of offer [12] is 11,000, and only"):
        replace(everybody, constraints=replace(unlimited(4), least=wanted)).solved()


def test_a_minimum_for_nearly_everybody_who_may_have_it_is_met_exactly():
    problem = grocer(MEMBERS, 4, seed=11)
    few = np.flatnonzero(problem.allowed[:, 0])[3_000:]
    problem.allowed[few, 0] = False
    problem = replace(problem, constraints=replace(unlimited(4), least=np.array([2_999, 0, 0, 0])))
    assert problem.solved().offers[0].assigned >= 2_999


def test_a_rare_offer_with_few_to_give_goes_to_those_who_gain_most():
    problem = grocer(MEMBERS, 4, seed=12)
    constraints = replace(unlimited(4), count_limit=np.array([3, -1, -1, -1]))
    found = replace(problem, constraints=constraints).solved()
    assert found.offers[0].assigned == 3
    assert found.gap <= 1e-6


def test_without_limits_everybody_has_the_best():
    problem = replace(grocer(MEMBERS, 4, seed=13), constraints=unlimited(4))
    assert problem.solved().gap <= 1e-6


@pytest.mark.parametrize(("name", "value"), [("values", np.nan), ("use", -1.0)])
def test_what_is_no_number_is_refused(name, value):
    problem = grocer(MEMBERS, 4, seed=14)
    column = getattr(problem, name).copy()
    column[-1], problem.allowed[-1] = value, True
    with pytest.raises(ValueError, match="not numbers"):
        replace(problem, **{name: column}).solved()


def test_what_is_done_is_reported():
    problem: Problem = grocer(MEMBERS, 4, seed=15)
    told: list[str] = []
    solver.assign(problem.pairs(), problem.constraints, report=told.append)
    assert [sentence.split()[0] for sentence in told][:3] == ["Finding", "Asking", "Choosing"]
