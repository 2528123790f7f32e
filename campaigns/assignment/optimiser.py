"""Gives every member one offer or nothing so that the whole earns most within the limits, and proves how near it is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import constraints as limited
from campaigns.assignment import usage
from campaigns.assignment.bound import Prices, bound
from campaigns.assignment.constraints import MILLIONTHS, ROUNDING_NOISE, Constraints, Limits, whole_millionths
from campaigns.assignment.descent import settled
from campaigns.assignment.exchange import Board, exchanged
from campaigns.assignment.fill import filled
from campaigns.assignment.prices import margins
from campaigns.assignment.ties import fractions, separated
from campaigns.assignment.trim import trimmed
from campaigns.assignment.usage import OfferUse

SAMPLE = 2_000
GOOD_GAP = 1e-3
SMALLEST_CHARGE = 1e-12

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Assignment:
    """`offer` (n,) positions, -1 for nothing; its value; the bound on any assignment's value; 1 - value / bound."""

    offer: NDArray[np.int16]
    value: float
    bound: float
    gap: float
    offers: tuple[OfferUse, ...]
    total: OfferUse


def assign(
    values: NDArray[np.floating],
    allowed: NDArray[np.bool_],
    use: NDArray[np.floating],
    constraints: Constraints,
    *,
    tie: NDArray[np.uint64],
) -> Assignment:
    """Assign at most one of k offers to each of n members, for the highest total value.

    `values` (n, k) and `use` (n, k), the money an assignment takes from the budgets, are in currency units. An offer is
    given only where `allowed` and worth more than 0. `tie` (n,) is a hash of member and run: it decides between equals
    and fixes the order of computation, so that the order of the rows does not matter. No limit is ever exceeded.

    Raises LimitRefused for a limit that cannot be respected, ValueError for arrays that do not fit together or hold
    something else than numbers.
    """
    limited.check(constraints, values.shape[1])
    _check(values, allowed, use, tie)
    order = np.argsort(tie, kind="stable")
    worth, spent = (np.asfortranarray(np.asarray(matrix, dtype=np.float64)[order]) for matrix in (values, use))
    problem = _problem(worth, allowed[order], spent, limited.limits(constraints), tie[order])
    solution, prices, upper = _best_solution(problem)
    offer = np.empty(len(order), dtype=np.int16)
    offer[order] = solution.offer
    return Assignment(
        offer=offer,
        value=solution.value,
        bound=max(upper, solution.value),  # they may differ by the rounding of a sum where nothing binds
        gap=_gap(solution.value, upper),
        offers=usage.of_each(solution.taken, problem.limits, prices),
        total=usage.of_all(solution.taken, problem.limits, prices),
    )


@dataclass(frozen=True)
class _Problem:
    """Members in the order of their ties, all (n, k).

    `worth` and `spent` are as they came, for the bound; `values`, in which no two members tie, and `use`, in whole
    millionths, are what the solver works on.
    """

    worth: Array
    spent: Array
    limits: Limits
    values: Array
    use: Array
    fractions: Array


@dataclass(frozen=True)
class _Solution:
    offer: NDArray[np.intp]
    value: float
    taken: Limits


def _problem(
    worth: Array, allowed: NDArray[np.bool_], spent: Array, limits: Limits, tie: NDArray[np.uint64]
) -> _Problem:
    spent = spent * MILLIONTHS
    possible = allowed & (worth > 0) & _fits_alone(spent, limits)
    worth, by_hash = np.where(possible, worth, -np.inf), np.asfortranarray(fractions(tie, worth.shape[1]))
    return _Problem(worth, spent, limits, separated(worth, by_hash), whole_millionths(spent), by_hash)


def _fits_alone(spent: Array, limits: Limits) -> NDArray[np.bool_]:
    """Pairs that no limit rules out by itself; leaving the others out makes the bound tighter."""
    room = (limits.count >= 1) & (limits.contacts >= 1)
    return np.asarray(room & (spent <= np.minimum(limits.money, limits.total) * (1 + ROUNDING_NOISE)))


def _best_solution(problem: _Problem) -> tuple[_Solution, Prices, float]:
    """The most valuable assignment found, and the prices that prove most, with their bound."""
    if not problem.worth.size:
        return _nothing(problem), Prices.free(problem.worth.shape[1]), 0.0
    prices, upper, solution = _attempt(problem, SAMPLE)
    if _gap(solution.value, upper) <= GOOD_GAP or len(problem.worth) <= SAMPLE:
        return solution, prices, upper
    other_prices, other_upper, other = _attempt(problem, len(problem.worth))
    if other_upper < upper:
        prices, upper = other_prices, other_upper
    return max(solution, other, key=lambda found: found.value), prices, upper


def _nothing(problem: _Problem) -> _Solution:
    offer = np.full(len(problem.worth), -1)
    return _Solution(offer, 0.0, limited.taken(offer, problem.use))


def _attempt(problem: _Problem, sample: int) -> tuple[Prices, float, _Solution]:
    limits = problem.limits.whole()
    prices = settled(problem.values, problem.use, limits, problem.fractions, sample=sample)
    upper = bound(problem.worth, problem.spent, problem.limits, prices)
    offer = _chosen(problem.values, problem.use, limits, prices)
    chosen = np.flatnonzero(offer >= 0)
    value = math.fsum(problem.worth[chosen, offer[chosen]])
    return prices, upper, _Solution(offer, value, limited.taken(offer, problem.use))


def _gap(value: float, upper: float) -> float:
    return max(0.0, 1 - value / upper) if upper > 0 else 0.0


def _chosen(values: Array, use: Array, limits: Limits, prices: Prices) -> NDArray[np.intp]:
    """Every member takes the best at these prices; what exceeds a limit is taken back, what is left is given away."""
    charge = prices.of(use)
    reduced = values - charge
    margin = margins(reduced)
    rows, best = np.arange(len(reduced)), reduced.argmax(axis=1)
    offer = np.where(reduced[rows, best] > 0, best, -1)
    loss_per_charge = margin[rows, best] / np.maximum(charge[rows, best], SMALLEST_CHARGE)
    offer = filled(trimmed(offer, loss_per_charge, use, limits), reduced, use, limits)
    return exchanged(Board(values, reduced, margin, use, limits), offer)


def _check(values: NDArray, allowed: NDArray, use: NDArray, tie: NDArray) -> None:
    if not values.shape == allowed.shape == use.shape or tie.shape != values.shape[:1]:
        raise ValueError("Values, allowed and use are to be of one shape, members by offers, with one tie per member.")
    if not np.isfinite(values).all():
        raise ValueError("Some values are not numbers: a score that is not known is to be left out by `allowed`, as 0.")
    if not (np.isfinite(use).all() and (use >= 0).all()):
        raise ValueError("Some uses of money are negative or not numbers: give 0 where an assignment costs nothing.")
