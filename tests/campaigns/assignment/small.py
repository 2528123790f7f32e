"""Assignment problems small enough to try every assignment of."""

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from campaigns.assignment.constraints import Constraints
from tests.campaigns.assignment.worlds import Problem, ties


def _amounts(low: int, high: int) -> st.SearchStrategy[float]:
    """Quarters, so that sums are exact and ties are common."""
    return st.integers(4 * low, 4 * high).map(lambda quarters: quarters / 4)


def _matrix(draw: st.DrawFn, shape: tuple[int, int], entries: st.SearchStrategy) -> np.ndarray:
    rows, columns = shape
    return np.array(draw(st.lists(entries, min_size=rows * columns, max_size=rows * columns))).reshape(shape)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """One offer each, with limits on counts, money and contacts."""
    shape = members, offers = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    counts = draw(st.lists(st.integers(-1, 3), min_size=offers, max_size=offers))
    budgets = draw(st.lists(st.just(np.nan) | _amounts(0, 4), min_size=offers, max_size=offers))
    constraints = Constraints(
        count_limit=np.array(counts),
        budget=np.array(budgets),
        total_budget=draw(st.none() | _amounts(0, 6)),
        contacts=draw(st.none() | st.integers(0, 6)),
    )
    return Problem(
        values=_matrix(draw, shape, _amounts(-2, 8)),
        allowed=_matrix(draw, shape, st.booleans()),
        use=_matrix(draw, shape, _amounts(0, 2)),
        constraints=constraints,
        tie=ties(members, draw(st.integers(0, 2**32))),
    )


@st.composite
def rich_problems(draw: st.DrawFn, *, minimums: bool = False) -> Problem:
    """Several offers each, with limits of every kind; with minimum volumes, some of which cannot be met."""
    problem = draw(problems())
    members, offers = problem.values.shape
    few = draw(st.integers(1, min(members, 4)))
    problem, shape = problem.reordered(np.arange(few)), (few, offers)
    constraints = replace(
        problem.constraints,
        each=draw(st.integers(1, 3)),
        category=draw(st.none() | _column(offers, -1, 1)),
        capacity=draw(st.none() | _column(2, -1, 3)),
        least=draw(_column(offers, 0, 2)) if minimums else None,
    )
    if minimums:
        constraints = replace(constraints, count_limit=np.where(constraints.count_limit < 2, -1, 3), contacts=None)
    channel = None if constraints.capacity is None else _matrix(draw, shape, st.integers(0, 1)).astype(np.int8)
    most = draw(st.none() | _column(few, 0, 3))
    return replace(problem, constraints=constraints, channel=channel, most=None if most is None else most.astype("u1"))


def _column(size: int, low: int, high: int) -> st.SearchStrategy[np.ndarray]:
    return st.lists(st.integers(low, high), min_size=size, max_size=size).map(np.array)


def best_value(problem: Problem) -> float:
    """The highest value of all assignments that keep every limit, by trying each of them; -inf where none does."""
    choices = [_sets(problem, member) for member in range(len(problem.values))]
    return max(_value(problem, offers) for offers in itertools.product(*choices))


def _sets(problem: Problem, member: int) -> list[tuple[int, ...]]:
    """What a member may have: so many offers, one of a category."""
    limits, allowed = problem.constraints, np.flatnonzero(problem.allowed[member])
    most = limits.each if problem.most is None else min(limits.each, int(problem.most[member]))
    category = np.full(len(limits.count_limit), -1) if limits.category is None else limits.category
    sets = itertools.chain.from_iterable(itertools.combinations(allowed, size) for size in range(most + 1))
    return [some for some in sets if all(category[a] != category[b] or category[a] < 0 for a, b in _couples(some))]


def _couples(some: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(itertools.combinations(some, 2))


def _value(problem: Problem, offers: tuple[tuple[int, ...], ...]) -> float:
    """The value of one assignment; -inf where it breaks a limit."""
    limits, given = problem.constraints, [(i, j) for i, some in enumerate(offers) for j in some]
    for j, (count, budget) in enumerate(zip(limits.count_limit, limits.budget, strict=True)):
        takers = [i for i, chosen in given if chosen == j]
        if 0 <= count < len(takers) or sum(problem.use[i, j] for i in takers) > budget:
            return -np.inf
        if limits.least is not None and len(takers) < limits.least[j]:
            return -np.inf
    if limits.contacts is not None and len(given) > limits.contacts:
        return -np.inf
    if limits.total_budget is not None and sum(problem.use[pair] for pair in given) > limits.total_budget:
        return -np.inf
    for channel, capacity in enumerate([] if limits.capacity is None else limits.capacity):
        if 0 <= capacity < sum(problem.channel[pair] == channel for pair in given):
            return -np.inf
    return float(sum(problem.values[pair] for pair in given))
