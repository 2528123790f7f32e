"""The innermost loops over pairs, compiled: what members take at given prices, row by row, without arrays in between.

Importing this takes a second, and compiling it some more unless numba's cache has it: see `kernels`. Every loop says
the same as the function of NumPy that its sentence names, to the last bit.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from campaigns.assignment.limits import HUNDREDTH, MILLIONTHS, SINGLE_NOISE

Loop = TypeVar("Loop", bound=Callable[..., object])
Array = np.ndarray

GOLDEN = 0x9E3779B97F4A7C15
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def _compiled(loop: Loop) -> Loop:
    made: Loop = njit(nogil=True, cache=True, error_model="numpy")(loop)
    return made


@_compiled
def _charge(use: float, rate: float, count: float, capacity: Array, channel: int) -> float:
    charge = use * rate + count
    return charge + capacity[channel] if len(capacity) else charge


@_compiled
def _rank(best: Array, at: Array, top: Array, top_at: Array) -> None:
    """The highest values above 0 of `best` in order, the first ones first among equals, and where they were found."""
    top[:] = 0.0
    top_at[:] = -1
    last = len(top) - 1
    for c in range(len(best)):
        if best[c] > top[last]:
            place = last
            while place > 0 and best[c] > top[place - 1]:
                top[place], top_at[place] = top[place - 1], top_at[place - 1]
                place -= 1
            top[place], top_at[place] = best[c], at[c]


@_compiled
def _take(reduced: Array, category: Array, best: Array, second: Array, at: Array, top: Array, top_at: Array) -> None:
    """The best and the second best of each category, or 0, and the best categories."""
    best[:] = -np.inf
    second[:] = 0.0
    for j in range(len(reduced)):
        c = category[j]
        if reduced[j] > best[c]:
            second[c] = max(second[c], best[c])
            best[c], at[c] = reduced[j], j
        elif reduced[j] > second[c]:
            second[c] = reduced[j]
    _rank(best, at, top, top_at)


@_compiled
def _give(top: Array, top_at: Array, most: int, offer: Array) -> float:
    """Writes down the offers of one member's places, and says what they keep by them."""
    kept = 0.0
    for place in range(len(offer)):
        is_free = place < most and top[place] > 0
        offer[place] = top_at[place] if is_free else -1
        kept += top[place] if place < most else 0.0
    return kept


@_compiled
def choose(
    value: Array,
    use: Array,
    channel: Array,
    most: Array,
    category: Array,
    rate: Array,
    count: Array,
    capacity: Array,
    offer: Array,
    gained: Array,
    margin: Array,
) -> None:
    """`choice.choice` at values less charges: `rate` (k,) per millionth, `count` (k,) per offer given."""
    reduced = np.empty(value.shape[1])
    categories = category.max() + 1
    best, second, at = np.empty(categories), np.empty(categories), np.empty(categories, np.int64)
    top, top_at = np.empty(offer.shape[1] + 1), np.empty(offer.shape[1] + 1, np.int64)
    for i in range(len(value)):
        for j in range(len(reduced)):
            by = channel[i, j] if len(capacity) else 0
            reduced[j] = value[i, j] - _charge(use[i, j], rate[j], count[j], capacity, by)
        _take(reduced, category, best, second, at, top, top_at)
        gained[i] = _give(top, top_at, most[i], offer[i])
        last_in, next_in = top[max(most[i] - 1, 0)], top[most[i]]
        for j in range(len(reduced)):
            c = category[j]
            other = second[c] if at[c] == j else max(best[c], 0.0)
            rival = next_in if best[c] >= last_in else last_in
            margin[i, j] = reduced[j] - max(rival, other) if most[i] else -np.inf


@_compiled
def _fraction(tie: Any, j: int) -> float:
    """`ties.fractions` of one pair."""
    mixed = np.uint64(tie) + np.uint64(GOLDEN) * np.uint64(j + 1)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(SECOND)
    mixed = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)
    return float(mixed) * 2.0**-53


@_compiled
def _millionths(use: float) -> float:
    """`limits.whole_millionths` of one pair."""
    exact = np.float64(use) * MILLIONTHS
    for step in (HUNDREDTH, 1.0):
        nearest = np.rint(exact / step) * step
        if abs(exact - nearest) <= exact * SINGLE_NOISE:
            return float(nearest)
    return float(np.ceil(exact))


@_compiled
def _is_sure(high: Array, low: Array, category: Array, offer: Array, most: int, holder: Array) -> bool:
    """`sorting.is_sure` of one member; `holder` is room for one number per category."""
    least = np.inf
    places = 0
    for place in range(len(offer)):
        if offer[place] >= 0:
            holder[category[offer[place]]] = low[offer[place]]
            least = min(least, low[offer[place]])
            places += 1
    sure = least >= 0
    to_beat = least if places == most else 0.0
    for j in range(len(high)):
        beaten = to_beat if np.isnan(holder[category[j]]) else holder[category[j]]
        sure &= high[j] <= beaten
    for place in range(len(offer)):
        if offer[place] >= 0:
            holder[category[offer[place]]] = np.nan
    return sure
