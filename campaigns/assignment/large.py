"""Assigns more members than are held in memory: prices from a sample, a look at everybody, and the edges in earnest.

Everybody is gone through a few times. First a sample is taken, which gives prices. At these everybody says what they
would take, which tells by how much the sample is off. Then those whose choice may still change are gathered and given
offers among themselves, within what the others leave of the limits, until the prices lie where the others are sure.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import boxes, core
from campaigns.assignment.asking import Asked, asked
from campaigns.assignment.bound import Prices, at_limits
from campaigns.assignment.choices import Box
from campaigns.assignment.choosing import bound
from campaigns.assignment.descent import descended, settled
from campaigns.assignment.found import Found, better
from campaigns.assignment.given import Given, best_first, worths
from campaigns.assignment.kernels import compiled
from campaigns.assignment.limits import Limits
from campaigns.assignment.pairs import Pairs
from campaigns.assignment.prices import demand
from campaigns.assignment.rows import Rows, Rules, rows
from campaigns.assignment.small import FIRST_SAMPLE
from campaigns.assignment.sorting import Sorted, sort
from campaigns.assignment.survey import sampled, taken
from campaigns.assignment.ties import LARGEST_CUT, lots

SETTLED = 2**14
ROUNDS = 6
IN_EARNEST = 3  # rounds in which the limits do not hold, after which nobody is taken to be sure of what is limited
GOOD_GAP = 2e-5

Report = Callable[[str], None]


class Unmet(Exception):  # noqa: N818 - it is an answer
    """What those near an edge can do does not keep the limits. Says what is left of each."""

    def __init__(self, left: Limits) -> None:
        super().__init__()
        self.left = left


@dataclass(frozen=True)
class Everybody:
    """Whom it is about, what holds for them, the largest size of a value, and the unit in which sums are counted."""

    pairs: Pairs
    rules: Rules
    largest: float
    unit: float


@dataclass(frozen=True)
class Near:
    """Those near an edge: their positions (e,), their rows, and what is left of the limits for them."""

    edge: NDArray[np.intp]
    rows: Rows
    left: Limits


def of_many(pairs: Pairs, rules: Rules, *, sample: int, report: Report) -> Found:
    """The most valuable assignment found, and the prices that prove most; `sample` members give prices to start from.

    Raises Unmet where the minimum volumes cannot be met, ValueError for what is not numbers.
    """
    compiled(pairs.members * pairs.offers)  # for the sample too
    few, first = _first_prices(pairs, rules, sample, report)
    report(f"Asking all {pairs.members:,} members at these prices")
    told = asked(pairs, rules, first)
    if (told.open_to < rules.limits.least).any():
        raise Unmet(replace(rules.limits, least=rules.limits.least - told.open_to))
    everybody = Everybody(pairs, rules, told.largest, _unit(pairs.members * rules.each, told.largest))
    box, best = _first_box(few, rules.limits.whole(), first, told, len(few) / pairs.members), None
    for number in range(ROUNDS):
        report(f"Choosing for {pairs.members:,} members, round {number + 1}")
        sorted_out = sort(pairs, rules, box, unit=everybody.unit)
        near = _near(everybody, sorted_out)
        prices = descended(near.rows, near.left.above_0(), box.prices)
        try:
            found = _found(everybody, box, sorted_out, near, prices)
        except Unmet as unmet:
            if best is None and number == ROUNDS - 1:
                raise
            box = boxes.opened(boxes.moved(box, prices), unmet.left, everything=number >= IN_EARNEST)
            continue
        best = found if best is None else better(best, found)
        if best.gap <= GOOD_GAP or boxes.holds(box, prices):
            return best
        box = boxes.moved(box, prices)
    if best is None:
        raise AssertionError("The last round either found an assignment or said what is left.")
    return best


def _unit(pairs: int, largest: float) -> float:
    """A power of 2 of which sums of so many values count less than 2^61."""
    return 2.0 ** (math.ceil(math.log2(max(pairs * largest, 1e-200))) - 61)


def _first_prices(pairs: Pairs, rules: Rules, sample: int, report: Report) -> tuple[Rows, Prices]:
    """The sample, and the prices that it says."""
    few = rows(sampled(pairs, sample=sample), rules)
    report(f"Finding prices for {len(few):,} of {pairs.members:,} members")
    fewer = few.first(SETTLED)  # who are enough for prices that are put right after
    return few, settled(fewer, rules.limits.whole().scaled(len(fewer) / pairs.members), sample=FIRST_SAMPLE)


def _first_box(few: Rows, whole: Limits, first: Prices, told: Asked, share: float) -> Box:
    """Where the sample, put right by the demand of everybody, says that the prices are to be found."""
    corrected = whole.less(told.demand).scaled(share).plus(demand(few, whole, first)).above_0()
    corrected = replace(corrected, least=np.where(whole.least > 0, corrected.least, 0.0))
    return boxes.around(few, corrected, first, descended(few, corrected, first))


def _near(everybody: Everybody, sorted_out: Sorted) -> Near:
    """In the order of their lots, so that the order of the rows does not matter."""
    order = np.argsort(lots(sorted_out.near.tie), kind="stable")
    left = everybody.rules.limits.whole().less(sorted_out.sure)
    return Near(sorted_out.edge[order], rows(taken(sorted_out.near, order), everybody.rules), left)


def _found(everybody: Everybody, box: Box, sorted_out: Sorted, near: Near, prices: Prices) -> Found:
    """What those near an edge have, by exchanging it too where they are too far from the best without."""
    if not near.left.hold():
        raise Unmet(near.left)
    found = _given(everybody, box, sorted_out, near, prices, exchanging=False)
    if found.gap <= GOOD_GAP or near.rows.value.size > core.WORTH_EXCHANGING:
        return found
    return _given(everybody, box, sorted_out, near, prices, exchanging=True)


def _given(
    everybody: Everybody, box: Box, sorted_out: Sorted, near: Near, prices: Prices, *, exchanging: bool
) -> Found:
    has = core.within(near.rows, near.left.above_0(), prices, exchanging=exchanging)
    left = near.left.less(has.taken(near.left))
    if (left.least > 0).any():
        raise Unmet(left)
    offer = best_first(has, near.rows)
    sorted_out.offer[near.edge], sorted_out.worth[near.edge] = offer, worths(offer, near.rows.worth)
    return _proved(everybody, box, sorted_out, near, has, boxes.clipped(box, prices))


def _proved(everybody: Everybody, box: Box, sorted_out: Sorted, near: Near, has: Given, prices: Prices) -> Found:
    """With the lower of two bounds: everybody's at the box's prices, and that at those which the edge came to."""
    limits, unit = everybody.rules.limits, everybody.unit
    value = sorted_out.value * unit + math.fsum(near.rows.worth[has.members, has.offers])
    sure = (sorted_out.value + sorted_out.sure.contacts) * unit  # each was rounded down by less than a unit
    at_edge = sure + bound(near.rows.as_they_came(), limits.less(sorted_out.sure), prices)
    at_box = _as_they_came(everybody, sorted_out.kept * unit, at_limits(limits, box.prices))
    prices, upper = (prices, at_edge) if at_edge < at_box else (box.prices, at_box)
    taken_by_all = sorted_out.sure.plus(has.taken(limits))
    return Found(sorted_out.offer, sorted_out.worth, sorted_out.pays, value, taken_by_all, prices, max(upper, value))


def _as_they_came(everybody: Everybody, kept: float, charged: float) -> float:
    """The bound on values as they came, from its two parts for separated ones.

    These are smaller by up to the largest cut, c. Prices that are larger by as much give a bound that is, too:
    Σ max(v - (1 + c) charge) <= (1 + c) Σ max(v / (1 + c) - charge). Values below 0 were moved up, not down, and are
    taken for the largest.
    """
    cut = 2 * LARGEST_CUT
    losses = everybody.largest * everybody.pairs.members * everybody.rules.each
    return kept + charged + cut * (kept + abs(charged) + (losses if everybody.rules.takes_losses.any() else 0.0))
