"""Assignment problems small enough to try every assignment of."""

import itertools

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


def best_value(problem: Problem) -> float:
    """The highest value of all assignments that keep every limit, by trying each of them."""
    members = len(problem.values)
    choices = [[-1, *np.flatnonzero(problem.allowed[member])] for member in range(members)]
    return max(_value(problem, list(offer)) for offer in itertools.product(*choices))


def _value(problem: Problem, offer: list[int]) -> float:
    """The value of one assignment; -inf where it breaks a limit."""
    limits, given = problem.constraints, [(i, j) for i, j in enumerate(offer) if j >= 0]
    for j, (count, budget) in enumerate(zip(limits.count_limit, limits.budget, strict=True)):
        takers = [i for i, chosen in given if chosen == j]
        if 0 <= count < len(takers) or sum(problem.use[i, j] for i in takers) > budget:
            return -np.inf
    if limits.contacts is not None and len(given) > limits.contacts:
        return -np.inf
    if limits.total_budget is not None and sum(problem.use[pair] for pair in given) > limits.total_budget:
        return -np.inf
    return float(sum(problem.values[pair] for pair in given))
