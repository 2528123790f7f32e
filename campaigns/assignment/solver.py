"""Gives every member the offers that earn most within all limits together, and proves how near the best it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import constraints as limited
from campaigns.assignment import optimiser
from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Block, Pairs
from campaigns.assignment.usage import OfferUse


@dataclass(frozen=True)
class Assignment:
    """Who gets what, and what that is worth.

    `offer` (n, each) are positions of offers, the best first, -1 for nothing; `value` what they are worth in currency
    units, `bound` what no assignment can exceed, `gap` 1 - value / bound. `offers`, `total` and `channels` say what
    became of the limits of each offer, over all offers and of each channel.
    """

    offer: NDArray[np.int16]
    value: float
    bound: float
    gap: float
    offers: tuple[OfferUse, ...]
    total: OfferUse
    channels: tuple[OfferUse, ...] = ()


def assign(
    pairs: Pairs,
    constraints: Constraints,
    *,
    names: Sequence[str] = (),
    report: Callable[[str], None] = lambda _: None,
) -> Assignment:
    """Assign at most `constraints.each` offers to each member, for the highest total value within all limits.

    `names` (k,) are the offers' names for the messages; `report` is told what is being done. Raises LimitRefused for a
    limit that cannot be respected, ValueError for values and uses that are not numbers.
    """
    limited.check(constraints, pairs.offers, names)
    report(f"Reading the values of {pairs.members:,} members")
    found = _by_optimiser(pairs.block(slice(0, pairs.members)), constraints)
    return Assignment(found.offer[:, None], found.value, found.bound, found.gap, found.offers, found.total)


def _by_optimiser(everybody: Block, constraints: Constraints) -> optimiser.Assignment:
    if constraints.each != 1 or any(
        column is not None for column in (constraints.least, constraints.capacity, constraints.category, everybody.most)
    ):
        raise NotImplementedError("Only one offer each, counts, budgets, the total and contacts can be limited so far.")
    allowed = np.isfinite(everybody.value)
    return optimiser.assign(
        np.where(allowed, everybody.value, 0.0), allowed, everybody.use, constraints, tie=everybody.tie
    )
