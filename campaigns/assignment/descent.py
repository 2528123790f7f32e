"""Moves prices to where the dual bound is least.

The bound bends where members turn from one offer to another, so those who nearly do tell how far to go: Newton's
method on a bound that is blurred by as much as counts as near, which shrinks as the steps do. Where many members
have equal values there is nothing between all and none of them: a sample whose values are spread apart gives prices to
start from, and the spread is then taken back.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices, at_limits
from campaigns.assignment.choice import Choice
from campaigns.assignment.choosing import chosen
from campaigns.assignment.limits import Limits
from campaigns.assignment.prices import alone, met
from campaigns.assignment.rows import Rows
from campaigns.assignment.steps import Scale, scale, slopes, step
from campaigns.assignment.swaps import CLOSE, WIDE, enough, usual_value
from campaigns.assignment.ties import fractions

SPREADS = (0.3, 0.03, 3e-3, 3e-4)
GROWTH = 8
STEPS, FEW_STEPS = 30, 10
PATIENCE = 2
TOLERANCE = 1e-6
ROUNDING = 1e-12  # of sums
OF_A_STEP, SHRINKS = 4.0, 1 / 8
LONGER, SHORTER, LONGEST, SHORTEST = 2.0, 1 / 4, 8.0, 1 / 64

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stand:
    """Prices, what everybody takes at them, and the bound there."""

    prices: Prices
    found: Choice
    bound: float


def settled(rows: Rows, limits: Limits, *, sample: int) -> Prices:
    """The prices at which demand meets the limits as nearly as may be, found from nothing.

    The members are to come in an order that has nothing to do with them: the first ones are the sample, and then eight
    times as many, until they are all there.
    """
    few, share = rows.first(sample), limits.scaled(min(1.0, sample / max(len(rows), 1)))
    prices = alone(few, share)
    for spread in SPREADS:
        prices = descended(_spread(few, spread), share, prices, near=min(spread, WIDE), steps=FEW_STEPS)
    while sample < len(rows) / GROWTH:
        sample *= GROWTH
        prices = descended(rows.first(sample), limits.scaled(sample / len(rows)), prices)
    return descended(rows, limits, prices)


def _spread(rows: Rows, spread: float) -> Rows:
    return replace(rows, value=rows.value * (1 - spread * fractions(rows.tie, rows.value.shape[1])))


def descended(rows: Rows, limits: Limits, prices: Prices, *, near: float = CLOSE, steps: int = STEPS) -> Prices:
    """The prices with the least bound that steps from these prices come by.

    `near` is what may be lost by a swap that counts at first, as a share of the usual value.
    """
    by, usual, worst = scale(rows, limits), usual_value(rows), _worst(rows, limits)
    at, near, idle = _stand(rows, limits, prices), near * usual, 0
    for _ in range(steps):
        around = enough(rows, at.prices, at.found, near=near, widest=WIDE * usual, limits=by.limits)
        move = step(rows, limits, at.prices, at.found, around, by)
        after, length = _searched(rows, limits, at, move, by)
        idle = 0 if after.bound < at.bound - TOLERANCE * abs(at.bound) else idle + 1
        at = min(at, after, key=lambda stand: stand.bound)
        if idle == PATIENCE or at.bound < worst or not move.any():
            break
        if around.say_enough_of(by.limits):
            near = _nearer(around.near, length * float(np.abs(move).max()))
    return _at_the_edges(rows, limits, at).prices


def _worst(rows: Rows, limits: Limits) -> float:
    """What any assignment is worth; a bound below it says that nothing makes up the minimum volumes."""
    if not limits.least.any():
        return -np.inf
    return -float(np.abs(rows.value[np.isfinite(rows.value)]).max(initial=0.0)) * len(rows) * rows.each


def _at_the_edges(rows: Rows, limits: Limits, at: Stand) -> Stand:
    """With the prices of offers' own limits moved to those of single members, if that does no harm."""
    after = _stand(rows, limits, met(at.found.margin, rows, limits, at.prices))
    return after if after.bound <= at.bound + ROUNDING * abs(at.bound) else at


def _stand(rows: Rows, limits: Limits, prices: Prices) -> Stand:
    found = chosen(rows, prices)
    return Stand(prices, found, float(found.gained.sum()) + at_limits(limits, prices))


def _nearer(near: float, moved: float) -> float:
    """What counts as near for the next step: what this one moved the charges by."""
    return min(near, max(OF_A_STEP * moved, near * SHRINKS))


def _searched(rows: Rows, limits: Limits, at: Stand, move: Array, by: Scale) -> tuple[Stand, float]:
    """Where so many times the move leads, the number of times being the best of those tried."""

    def priced(length: float) -> Prices:
        return at.prices.with_row(np.maximum(at.prices.row() * by.units + length * move, by.lowest) / by.units)

    def reached(length: float) -> Stand:
        return _stand(rows, limits, priced(length))

    length, after = 1.0, reached(1.0)
    while after.bound >= at.bound and length > SHORTEST:
        length *= SHORTER
        after = reached(length)
    while 1 <= length < LONGEST and _may_fall(rows, limits, after, priced(length * LONGER)):
        further = reached(length * LONGER)
        if further.bound >= after.bound:
            break
        length, after = length * LONGER, further
    return after, length


def _may_fall(rows: Rows, limits: Limits, at: Stand, prices: Prices) -> bool:
    """Whether the bound may be lower at these prices: as it is convex, it is not where it rises that way already."""
    onward = prices.row() - at.prices.row()
    return bool(limits.least.any()) or float(slopes(rows, limits, at.prices, at.found) @ onward) < 0
