"""Gives every member the offers that earn most within all limits together, and proves how near the best it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import constraints as limited
from campaigns.assignment import usage
from campaigns.assignment.constraints import Constraints, LimitRefused
from campaigns.assignment.found import Found
from campaigns.assignment.large import Unmet, of_many
from campaigns.assignment.pairs import Pairs, check
from campaigns.assignment.rows import Rules, rules
from campaigns.assignment.small import of_few
from campaigns.assignment.usage import OfferUse

MANY = 2**15  # members, of whom a sample is taken; fewer are held in memory
SHARE_SAMPLED, SMALLEST_SAMPLE, LARGEST_SAMPLE = 1 / 64, 2**14, 2**17

Report = Callable[[str], None]


@dataclass(frozen=True)
class Assignment:
    """Who gets what, and what that is worth.

    `offer` (n, each) are positions of offers, the best first, -1 for nothing, and `worth` (n, each) what each is worth
    in currency units, 0 for nothing; `pays` (n,) says whom any offer would be worth giving if no limit kept it from
    them. `value` is the worth of all, `bound` what no assignment can exceed, `gap` 1 - value / bound. `offers`, `total`
    and `channels` say what became of the limits of each offer, over all offers and of each channel.
    """

    offer: NDArray[np.int16]
    worth: NDArray[np.float32]
    pays: NDArray[np.bool_]
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
    report: Report = lambda _: None,
) -> Assignment:
    """Assign at most `constraints.each` offers to each member, for the highest total value within all limits.

    An offer is given where it is worth more than 0, or where its minimum volume asks for it. `names` (k,) are the
    offers' names for the messages; `report` is told what is being done. Raises LimitRefused for a limit that cannot be
    respected, ValueError for values and uses that are not numbers.
    """
    limited.check(constraints, pairs.offers, names)
    agreed, called = rules(constraints), limited.names_of(pairs.offers, names)
    found = _of_all(pairs, agreed, called, report) if pairs.members > MANY else _of_few(pairs, agreed)
    _check_minimums(found.taken.count, agreed, called)
    return _as_assignment(found, agreed)


def _of_few(pairs: Pairs, agreed: Rules) -> Found:
    everybody = pairs.block(slice(0, pairs.members))
    check(everybody)
    return of_few(everybody, agreed)


def _of_all(pairs: Pairs, agreed: Rules, called: Sequence[str], report: Report) -> Found:
    sample = min(max(int(pairs.members * SHARE_SAMPLED), SMALLEST_SAMPLE), LARGEST_SAMPLE)
    try:
        return of_many(pairs, agreed, sample=sample, report=report)
    except Unmet as unmet:
        _check_minimums(agreed.limits.least - unmet.left.least, agreed, called)
        raise


def _check_minimums(count: NDArray, agreed: Rules, names: Sequence[str]) -> None:
    """Refuse a minimum that is not met by so many of each offer (k,)."""
    for name, has, least in zip(names, count.tolist(), agreed.limits.least.tolist(), strict=True):
        if has < least:
            raise LimitRefused(
                f"The minimum of {name} is {least:,.0f}, and only {has:,.0f} could be given beside the other "
                "limits: lower it, or widen who may have the offer."
            )


def _as_assignment(found: Found, agreed: Rules) -> Assignment:
    limits = agreed.limits
    return Assignment(
        offer=found.offer,
        worth=found.worth,
        pays=found.pays,
        value=found.value,
        bound=found.bound,
        gap=found.gap,
        offers=usage.of_each(found.taken, limits, found.prices),
        total=usage.of_all(found.taken, limits, found.prices),
        channels=usage.of_channels(found.taken, limits, found.prices),
    )
