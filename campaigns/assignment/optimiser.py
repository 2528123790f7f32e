"""Assigns one offer each to members whose values are in arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import solver
from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Whole
from campaigns.assignment.usage import OfferUse


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
    """`solver.assign` for at most one of k offers to each of n members, from arrays (n, k) and ties (n,).

    Raises LimitRefused for a limit that cannot be respected, ValueError for arrays that do not fit together or hold
    something else than numbers.
    """
    _check(values, allowed, use, tie)
    worth = np.where(allowed, values, -np.inf).astype(np.float32)
    found = solver.assign(Whole(worth, use.astype(np.float32), tie), constraints)
    return Assignment(found.offer[:, 0], found.value, found.bound, found.gap, found.offers, found.total)


def _check(values: NDArray, allowed: NDArray, use: NDArray, tie: NDArray) -> None:
    if not values.shape == allowed.shape == use.shape or tie.shape != values.shape[:1]:
        raise ValueError("Values, allowed and use are to be of one shape, members by offers, with one tie per member.")
    if not np.isfinite(values).all():
        raise ValueError("Some values are not numbers: a score that is not known is to be left out by `allowed`, as 0.")
    if not (np.isfinite(use).all() and (use >= 0).all()):
        raise ValueError("Some uses of money are negative or not numbers: give 0 where an assignment costs nothing.")
