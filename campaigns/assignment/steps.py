"""One step of prices towards the least bound, as if demand answered to them in a straight line."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choice import Choice
from campaigns.assignment.limits import Limits, taken
from campaigns.assignment.rows import Rows
from campaigns.assignment.swaps import Swaps, curvature

DAMPING = 1e-3
HALF_A_SWAP = 0.5  # is taken to be near any limit, so that a price to which nobody answers moves within reason
SEARCHES = 12

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """`units` (r,) that make all prices alike: of money, the usual use of an offer given; `lowest` (r,) price of each,
    below 0 where there is a minimum volume; `is_limit` (r,) whether there is anything to charge for."""

    units: Array
    lowest: Array
    is_limit: NDArray[np.bool_]

    @property
    def limits(self) -> int:
        return int(self.is_limit.sum())


def scale(rows: Rows, limits: Limits) -> Scale:
    k, c = len(limits.count), len(limits.capacity)
    usual = float(rows.use.sum()) / max(rows.use.size, 1) or 1.0
    has_least = np.concatenate([limits.least > 0, np.zeros(k + c + 2, dtype=bool)])
    return Scale(
        units=np.repeat([1.0, usual], [k + 1 + c, k + 1]),
        lowest=np.where(has_least, -np.inf, 0.0),
        is_limit=np.isfinite(limits.row()) | has_least,
    )


def step(rows: Rows, limits: Limits, prices: Prices, found: Choice, swaps: Swaps, by: Scale) -> Array:
    """By how much to move the prices (r,), in `by.units`, from where `found` is what everybody takes.

    Newton's step on the dual (Nocedal and Wright, 2006, Numerical Optimization, 16.7, for prices that may not be
    below their lowest).
    """
    bends = curvature(swaps, rows, limits, by.units)
    damping = DAMPING * np.diag(bends) + HALF_A_SWAP / (2 * swaps.near)
    return _least(bends + np.diag(damping), slopes(rows, limits, prices, found) / by.units, prices.row() * by.units, by)


def straight(rows: Rows, limits: Limits, prices: Prices, found: Choice, swaps: Swaps, by: Scale) -> Prices:
    """Each price moved alone to where demand would meet its limit if it answered in a straight line."""
    answers = np.diag(curvature(swaps, rows, limits, by.units)) + HALF_A_SWAP / (2 * swaps.near)
    moved = prices.row() * by.units - slopes(rows, limits, prices, found) / by.units / answers
    return prices.with_row(np.where(by.is_limit, np.maximum(moved, by.lowest) / by.units, 0.0))


def slopes(rows: Rows, limits: Limits, prices: Prices, found: Choice) -> Array:
    """How the bound changes with each price (r,): what is left of its limit."""
    members, places = np.nonzero(found.offer >= 0)
    offers = found.offer[members, places]
    demand = taken(offers, rows.use[members, offers], rows.channels(members, offers), limits)
    left = limits.row() - demand.row()
    slope = np.where(np.isfinite(left), left, 0.0)
    spare = demand.count - limits.least
    is_least = (limits.least > 0) & ((prices.count < 0) | (prices.count == 0) & (spare < 0))
    slope[: len(spare)] = np.where(is_least, -spare, slope[: len(spare)])
    return slope


def _least(bends: Array, slope: Array, at: Array, by: Scale) -> Array:
    """The step d with the least slope·d + d·bends·d / 2 that leads from `at` to nowhere below the lowest."""
    down = np.where(np.isfinite(by.lowest), by.lowest - at, 0.0)
    is_free = by.is_limit.copy()
    for _ in range(SEARCHES):
        step = np.where(by.is_limit, down, 0.0)
        bound = ~is_free
        pull = slope[is_free] + bends[np.ix_(is_free, bound)] @ step[bound]
        step[is_free] = -np.linalg.solve(bends[np.ix_(is_free, is_free)], pull)
        too_low = is_free & (at + step < by.lowest)
        rises = bound & by.is_limit & (slope + bends @ step < 0)
        if not (too_low | rises).any():
            break
        is_free = is_free & ~too_low | rises
    return np.maximum(at + step, by.lowest) - at
