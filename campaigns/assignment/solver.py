"""Gives every member the offers that earn most within all limits together, and proves how near the best it is."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import constraints as limited
from campaigns.assignment import core, usage
from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import bound
from campaigns.assignment.constraints import Constraints, LimitRefused
from campaigns.assignment.descent import settled
from campaigns.assignment.given import Offers, best_first, given
from campaigns.assignment.limits import Limits
from campaigns.assignment.pairs import Block, Pairs, check
from campaigns.assignment.rows import Rows, Rules, rows, rules
from campaigns.assignment.usage import OfferUse

FIRST_SAMPLE = 2_000
GOOD_GAP = 2e-4

Report = Callable[[str], None]


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


@dataclass(frozen=True)
class Found:
    """An assignment (n, each), its value, what it takes from the limits, and the prices that prove most."""

    offer: Offers
    value: float
    taken: Limits
    prices: Prices
    bound: float

    @property
    def gap(self) -> float:
        return max(0.0, 1 - self.value / self.bound) if self.bound > 0 else 0.0


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
    agreed = rules(constraints)
    report(f"Reading the values of {pairs.members:,} members")
    everybody = pairs.block(slice(0, pairs.members))
    check(everybody)
    found = _of_few(everybody, agreed, limited.names_of(pairs.offers, names))
    return _as_assignment(found, agreed)


def _of_few(everybody: Block, agreed: Rules, names: Sequence[str]) -> Found:
    """All members at once, in the order of their ties, so that the order of the rows does not matter."""
    order = np.argsort(everybody.tie, kind="stable")
    members = rows(_reordered(everybody, order), agreed)
    found = _best(members, agreed.limits)
    _check_minimums(found, agreed, names)
    offer = np.empty_like(found.offer)
    offer[order] = found.offer
    return replace(found, offer=offer)


def _best(members: Rows, limits: Limits) -> Found:
    """The most valuable assignment found, and the prices that prove most."""
    if not members.value.size:
        prices = Prices.free(len(limits.count), len(limits.capacity))
        offer = np.full((len(members), members.each), -1, dtype=np.int16)
        return Found(offer, 0.0, given(offer, members).taken(limits), prices, 0.0)
    found = _attempt(members, limits, FIRST_SAMPLE)
    if found.gap <= GOOD_GAP or len(members) <= FIRST_SAMPLE:
        return found
    other = _attempt(members, limits, len(members))
    proof = min(found, other, key=lambda each: each.bound)
    best = max(found, other, key=lambda each: each.value)
    return replace(best, prices=proof.prices, bound=proof.bound)


def _attempt(members: Rows, limits: Limits, sample: int) -> Found:
    whole = limits.whole()
    prices = settled(members, whole, sample=sample)
    has = core.within(members, whole, prices)
    value = math.fsum(members.worth[has.members, has.offers])
    upper = bound(replace(members, value=members.worth.astype(np.float64)), limits, prices)
    # They may differ by the rounding of a sum where nothing binds.
    return Found(best_first(has, members), value, has.taken(limits), prices, max(upper, value))


def _check_minimums(found: Found, agreed: Rules, names: Sequence[str]) -> None:
    for name, has, least in zip(names, found.taken.count.tolist(), agreed.limits.least.tolist(), strict=True):
        if has < least:
            raise LimitRefused(
                f"The minimum of {name} is {least:,.0f}, and only {has:,.0f} could be given beside the other "
                "limits: lower it, or widen who may have the offer."
            )


def _reordered(block: Block, order: NDArray[np.intp]) -> Block:
    return Block(
        value=block.value[order],
        use=block.use[order],
        tie=block.tie[order],
        most=None if block.most is None else block.most[order],
        channel=None if block.channel is None else block.channel[order],
    )


def _as_assignment(found: Found, agreed: Rules) -> Assignment:
    limits = agreed.limits
    return Assignment(
        offer=found.offer,
        value=found.value,
        bound=found.bound,
        gap=found.gap,
        offers=usage.of_each(found.taken, limits, found.prices),
        total=usage.of_all(found.taken, limits, found.prices),
        channels=usage.of_channels(found.taken, limits, found.prices),
    )
