"""Repeats the passes until the bound stops falling, and shortens the way there.

Two things make plain passes slow. Where all offers are short of supply their prices chase one another: Anderson's
acceleration (Walker and Ni, 2011, SIAM J. Numer. Anal. 49) jumps to where the chase leads. Where many members
have equal values the steps of the chase are as small as the differences between ties: a sample whose values are spread
apart gives prices to start from, and the spread is then taken back in steps.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import bound
from campaigns.assignment.limits import Limits
from campaigns.assignment.prices import alone, one_pass
from campaigns.assignment.rows import Rows
from campaigns.assignment.ties import fractions

SPREADS = (0.3, 0.03, 3e-3, 3e-4)
GROWTH = 8
PASSES = 30
PATIENCE = 2
MEMORY = 6
TOLERANCE = 1e-6
ALLOWED_RISE = 1e-4

Array = NDArray[np.float64]


def settled(rows: Rows, limits: Limits, *, sample: int) -> Prices:
    """The prices at which demand meets the limits as nearly as may be, found from nothing.

    The members are to come in an order that has nothing to do with them: the first ones are the sample, and then eight
    times as many, until they are all there.
    """
    few, share = rows.first(sample), limits.scaled(min(1.0, sample / max(len(rows), 1)))
    prices = alone(few, share)
    for spread in SPREADS:
        prices = descended(_spread(few, spread), share, prices)
    while sample < len(rows) / GROWTH:
        sample *= GROWTH
        prices = descended(rows.first(sample), limits.scaled(sample / len(rows)), prices)
    return descended(rows, limits, prices)


def _spread(rows: Rows, spread: float) -> Rows:
    return replace(rows, value=rows.value * (1 - spread * fractions(rows.tie, rows.value.shape[1])))


def descended(rows: Rows, limits: Limits, prices: Prices) -> Prices:
    """The prices with the least bound that passes from these prices come by."""
    best, least, idle = prices, bound(rows, limits, prices), 0
    chase = _Chase(_units(rows, limits), _floor(limits))
    for _ in range(PASSES):
        after = one_pass(rows, limits, prices)
        reached = bound(rows, limits, after)
        idle = 0 if reached < least - TOLERANCE * abs(least) else idle + 1
        if reached < least:
            best, least = after, reached
        if idle == PATIENCE:
            break
        jump = chase.ahead(prices, after)
        prices = jump if bound(rows, limits, jump) <= reached + ALLOWED_RISE * abs(reached) else after
    return best


def _units(rows: Rows, limits: Limits) -> Array:
    """What a price of each limit is multiplied by to be one per offer given: the usual use, for those of money."""
    k, c = len(limits.count), len(limits.capacity)
    return np.repeat([1.0, float(rows.use.sum()) / max(rows.use.size, 1) or 1.0], [k + 1 + c, k + 1])


def _floor(limits: Limits) -> Array:
    """The lowest price of each limit: a minimum volume may take an offer's below 0."""
    k = len(limits.count)
    return np.concatenate([np.where(limits.least > 0, -np.inf, 0.0), np.zeros(len(limits.row()) - k)])


@dataclass
class _Chase:
    """Remembers where the last passes began and how far they led, in `units` in which all prices are alike."""

    units: Array
    floor: Array
    began: list[Array] = field(default_factory=list)
    led: list[Array] = field(default_factory=list)

    def ahead(self, before: Prices, after: Prices) -> Prices:
        """Where the passes lead, if what they changed so far says how their changes shrink; never below the floor."""
        began, led = before.row() * self.units, after.row() * self.units
        self.began, self.led = [*self.began[-MEMORY:], began], [*self.led[-MEMORY:], led - began]
        if len(self.began) <= PATIENCE:
            return after
        moved, changed = np.diff(self.began, axis=0).T, np.diff(self.led, axis=0).T
        weights = np.linalg.lstsq(changed, self.led[-1], rcond=1e-8)[0]
        return after.with_row(np.maximum(led - (moved + changed) @ weights, self.floor) / self.units)
