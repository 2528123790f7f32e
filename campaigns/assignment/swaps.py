"""Who nearly turns from one offer to another, and so how demand answers to prices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choice import Choice
from campaigns.assignment.limits import Limits
from campaigns.assignment.rows import Rows

ENOUGH = 2**16  # swaps tell how demand answers; more of them tell it no better
PER_LIMIT = 16  # swaps, fewer of which say too little
WIDE, CLOSE = 0.25, 0.02  # what is near, as a share of the usual value, from any prices and from good ones
AS_NOTHING = 1e-9  # of what is near, below which a rival is no better than nothing

Array = NDArray[np.float64]
Members = NDArray[np.intp]


@dataclass(frozen=True)
class Swaps:
    """Members (s,) who would nearly take the offer `to` instead of `back`, or the other way round; -1 is nothing.

    They stand for `times` as many, and a change of charges by up to `near` makes them turn.
    """

    members: Members
    to: Members
    back: Members
    near: float
    times: float = 1.0

    def say_enough_of(self, limits: int) -> bool:
        return len(self.members) >= PER_LIMIT * limits


def enough(rows: Rows, prices: Prices, found: Choice, *, near: float, widest: float, limits: int) -> Swaps:
    """The swaps that gain or lose less than `near`, or less than more where so few say too little of so many limits."""
    seen = swaps(rows, prices, found, near=near)
    while near < widest and not seen.say_enough_of(limits):
        near *= 2
        seen = swaps(rows, prices, found, near=near)
    return seen


def usual_value(rows: Rows) -> float:
    """The mean of what values are above 0."""
    paying = rows.value > 0
    return float(rows.value.sum(where=paying)) / max(int(np.count_nonzero(paying)), 1) or 1.0


def swaps(rows: Rows, prices: Prices, found: Choice, *, near: float) -> Swaps:
    """All swaps of what members take at these prices that gain or lose less than `near`, each of them once."""
    members, offers = np.nonzero(np.abs(found.margin) < near)
    times = -(-len(members) // ENOUGH) or 1
    members, offers = members[::times], offers[::times]  # they come in an order that says nothing of them
    held = found.offer[members].astype(np.intp)
    margin = found.margin[members, offers]
    beats_nothing = np.abs(_reduced(rows, prices, members, offers) - margin) <= AS_NOTHING * near
    is_one = beats_nothing | ~(held == offers[:, None]).any(axis=1)  # others are seen from their rival's side
    members, offers, held = members[is_one], offers[is_one], held[is_one]
    back = np.where(beats_nothing[is_one], -1, _in_the_way(rows, prices, members, offers, held))
    return Swaps(members, offers, back, near, float(times))


def _in_the_way(rows: Rows, prices: Prices, members: Members, offers: Members, held: NDArray[np.intp]) -> Members:
    """What each would give up for the offer: the one of its category, else the least of what they take."""
    everybody = np.arange(len(members))
    is_mate = (held >= 0) & (rows.category[held] == rows.category[offers][:, None])
    worth = np.where(held >= 0, _reduced(rows, prices, members[:, None], held), np.inf)
    place = np.where(is_mate.any(axis=1), is_mate.argmax(axis=1), worth.argmin(axis=1))
    return np.asarray(held[everybody, place])


def _reduced(rows: Rows, prices: Prices, members: Members, offers: Members) -> Array:
    charge = prices.of_pairs(offers, rows.use[members, offers], rows.channels(members, offers))
    return np.asarray(rows.value[members, offers] - charge)


def curvature(found: Swaps, rows: Rows, limits: Limits, units: Array) -> Array:
    """By how much each limit's demand falls as each price rises, (r, r), in these units of prices (r,).

    Where a swap moves the limits by a, and its gain is anywhere within ±near with the same chance, this is
    Σ a aᵀ / (2 near): the second derivative of the Lagrangian dual of values that are blurred by as much.
    """
    from scipy.sparse import csr_array  # heavy, and no web page comes here

    swaps, columns, amounts = _moved(found, rows, limits)
    moved = csr_array((amounts / units[columns], (swaps, columns)), shape=(len(found.to), len(units)))
    return np.asarray((moved.T @ moved).toarray() * (found.times / (2 * found.near)))


def _moved(found: Swaps, rows: Rows, limits: Limits) -> tuple[Members, Members, Array]:
    """What each swap takes from the limits and gives back, one by one: the swap, the limit's place in `Prices.row`, and
    how much."""
    k, c = len(limits.count), len(limits.capacity)
    swaps = np.tile(np.arange(len(found.to)), 2)
    members, offers = np.tile(found.members, 2), np.concatenate([found.to, found.back])
    way = np.repeat([1.0, -1.0], len(found.to))
    some = offers >= 0
    swaps, members, offers, way = swaps[some], members[some], offers[some], way[some]
    use, first = way * rows.use[members, offers], np.zeros(len(way), dtype=np.intp)
    taken = [(offers, way), (first + k, way), (offers + (k + 1 + c), use), (first + (2 * k + c + 1), use)]
    channels = rows.channels(members, offers)
    if channels is not None:
        taken.append((channels.astype(np.intp) + (k + 1), way))
    columns, amounts = (np.concatenate(parts) for parts in zip(*taken, strict=True))
    return np.tile(swaps, len(taken)), columns, amounts
