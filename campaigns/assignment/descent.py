"""Repeats the passes until the bound stops falling, and shortens the way there.

Two things make plain passes slow. Where all offers are short of supply their prices chase one another: Anderson's
acceleration (Walker and Ni, 2011, SIAM J. Numer. Anal. 49) jumps to where the chase leads. Where many members
have equal values the steps of the chase are as small as the differences between ties: a sample whose values are spread
apart gives prices to start from, and the spread is then taken back in steps.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices, bound
from campaigns.assignment.constraints import Limits
from campaigns.assignment.prices import alone, one_pass

SPREADS = (0.3, 0.03, 3e-3, 3e-4)
PASSES = 30
PATIENCE = 2
MEMORY = 6
TOLERANCE = 1e-6
ALLOWED_RISE = 1e-4

Array = NDArray[np.float64]


def settled(values: Array, use: Array, limits: Limits, fractions: Array, *, sample: int) -> Prices:
    """The prices at which demand meets the limits as nearly as may be: those with the least bound seen.

    `values` (n, k), -inf where an offer may not be given; `use` (n, k) in the unit of the limits' money; `fractions`
    (n, k) in [0, 1), by which values are spread. The members are to come in an order that has nothing to do with them:
    the first ones are the sample.
    """
    few, few_use = values[:sample], use[:sample]
    share = limits.scaled(min(1.0, sample / max(len(values), 1)))
    prices = alone(few, few_use, share)
    for spread in SPREADS:
        prices = _descended(few * (1 - spread * fractions[:sample]), few_use, share, prices)
    return _descended(values, use, limits, prices)


def _descended(values: Array, use: Array, limits: Limits, prices: Prices) -> Prices:
    best, least, idle = prices, bound(values, use, limits, prices), 0
    chase = _Chase(unit=float(use.mean()) or 1.0)
    for _ in range(PASSES):
        after = one_pass(values, use, limits, prices)
        reached = bound(values, use, limits, after)
        idle = 0 if reached < least * (1 - TOLERANCE) else idle + 1
        if reached < least:
            best, least = after, reached
        if idle == PATIENCE:
            break
        jump = chase.ahead(prices, after)
        prices = jump if bound(values, use, limits, jump) <= reached * (1 + ALLOWED_RISE) else after
    return best


@dataclass
class _Chase:
    """Remembers where the last passes began and how far they led. `unit` is the usual use of money."""

    unit: float
    began: list[Array] = field(default_factory=list)
    led: list[Array] = field(default_factory=list)

    def ahead(self, before: Prices, after: Prices) -> Prices:
        """Where the passes lead, if what they changed so far says how their changes shrink; never below 0."""
        began, led = _row(before, self.unit), _row(after, self.unit)
        self.began, self.led = [*self.began[-MEMORY:], began], [*self.led[-MEMORY:], led - began]
        if len(self.began) <= PATIENCE:
            return after
        moved, changed = np.diff(self.began, axis=0).T, np.diff(self.led, axis=0).T
        weights = np.linalg.lstsq(changed, self.led[-1], rcond=1e-8)[0]
        return _prices(np.maximum(led - (moved + changed) @ weights, 0.0), self.unit)


def _row(prices: Prices, unit: float) -> Array:
    return np.concatenate([prices.count, [prices.contacts], prices.money * unit, [prices.total * unit]])


def _prices(row: Array, unit: float) -> Prices:
    members, money = np.split(row, 2)
    return Prices(members[:-1], money[:-1] / unit, float(members[-1]), float(money[-1] / unit))
