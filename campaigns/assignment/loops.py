"""The innermost loops over pairs, compiled: what members take at given prices, row by row, without arrays in between.

Importing this takes a second, and compiling it some more unless numba's cache has it: see `kernels`. Every loop says
the same as the function of NumPy that its sentence names, to the last bit. What is done to each pair alone stands in
loops without a choice in them, which the compiler makes into vectors.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numba import njit

from campaigns.assignment.limits import HUNDREDTH, MILLIONTHS, SINGLE_NOISE
from campaigns.assignment.ties import LARGEST_CUT

Loop = TypeVar("Loop", bound=Callable[..., object])
Array = np.ndarray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
BITS = (np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11))
WHOLE = 2.0**23  # millionths, below which single precision tells whole ones apart


def _compiled(loop: Loop) -> Loop:
    made: Loop = njit(nogil=True, cache=True, error_model="numpy")(loop)
    return made


@_compiled
def _rank(best: Array, top: Array, top_at: Array) -> None:
    """The highest values above 0 in order, the first ones first among equals, and where they were found."""
    top[:] = 0.0
    top_at[:] = -1
    last = len(top) - 1
    for c in range(len(best)):
        if best[c] > top[last]:
            place = last
            while place > 0 and best[c] > top[place - 1]:
                top[place], top_at[place] = top[place - 1], top_at[place - 1]
                place -= 1
            top[place], top_at[place] = best[c], c


@_compiled
def _by_category(reduced: Array, category: Array, best: Array, second: Array, at: Array) -> None:
    """The best of each category, the second best, or 0, and at which offer the best was found."""
    best[:] = -np.inf
    second[:] = 0.0
    for j in range(len(reduced)):
        c = category[j]
        if reduced[j] > best[c]:
            second[c] = max(second[c], best[c])
            best[c], at[c] = reduced[j], j
        elif reduced[j] > second[c]:
            second[c] = reduced[j]


@_compiled
def _give(top: Array, top_at: Array, at: Array, most: int, offer: Array, i: int) -> float:
    """Writes down the offers of one member's places, and says what they keep by them."""
    kept = 0.0
    for place in range(offer.shape[1]):
        is_free = place < most and top[place] > 0
        offer[i, place] = at[top_at[place]] if is_free else -1
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
    k, categories = value.shape[1], category.max() + 1
    reduced, best, second, at = np.empty(k), np.empty(categories), np.empty(categories), np.arange(categories)
    top, top_at = np.empty(offer.shape[1] + 1), np.empty(offer.shape[1] + 1, np.int64)
    for i in range(len(value)):
        for j in range(k):
            charge = use[i, j] * rate[j] + count[j]
            if len(capacity):
                charge += capacity[channel[i, j]]
            reduced[j] = value[i, j] - charge
        _by_category(reduced, category, best, second, at)
        _rank(best, top, top_at)
        gained[i] = _give(top, top_at, at, most[i], offer, i)
        last_in, next_in = top[max(most[i] - 1, 0)], top[most[i]]
        for j in range(k if len(margin) else 0):
            c = category[j]
            other = second[c] if at[c] == j else max(best[c], 0.0)
            rival = next_in if best[c] >= last_in else last_in
            margin[i, j] = reduced[j] - max(rival, other) if most[i] else -np.inf


@_compiled
def _count(value: Array, use: Array, i: int, takes_losses: Array, room: Array, worth: Array, used: Array) -> None:
    """`rows.rows` of one member: worth, -inf where an offer is not possible, and `limits.whole_millionths` of uses."""
    has_large = False
    for j in range(len(worth)):
        exact = np.float64(use[i, j]) * MILLIONTHS if value[i, j] > -np.inf else 0.0
        nearest = np.rint(exact)
        used[j] = nearest if abs(exact - nearest) <= exact * SINGLE_NOISE else np.ceil(exact)
        is_possible = (takes_losses[j] | (value[i, j] > 0)) & (used[j] <= room[j])
        worth[j] = value[i, j] if is_possible else -np.inf
    for j in range(len(worth)):
        has_large |= used[j] >= WHOLE
    for j in range(len(worth) if has_large else 0):
        exact = np.float64(use[i, j]) * MILLIONTHS
        nearest = np.rint(exact / HUNDREDTH) * HUNDREDTH
        if used[j] >= WHOLE and abs(exact - nearest) <= exact * SINGLE_NOISE:
            used[j] = nearest
            is_possible = (takes_losses[j] | (value[i, j] > 0)) & (nearest <= room[j])
            worth[j] = value[i, j] if is_possible else -np.inf


@_compiled
def _separate(worth: Array, tie: int, told: Array) -> None:
    """`ties.separated` of one member, by `ties.fractions`."""
    for j in range(len(worth)):
        mixed = np.uint64(tie) + GOLDEN * np.uint64(j + 1)
        mixed = (mixed ^ (mixed >> BITS[0])) * FIRST
        mixed = (mixed ^ (mixed >> BITS[1])) * SECOND
        mixed = (mixed ^ (mixed >> BITS[2])) >> BITS[3]
        told[j] = worth[j] * (1 - LARGEST_CUT * (np.int64(mixed) * 2.0**-53))


@_compiled
def _left(
    value: Array,
    used: Array,
    rate: Array,
    count: Array,
    capacity: Array,
    row: int,
    channel: Array,
    i: int,
    j: int,
) -> float:
    """`_less` of one pair."""
    if capacity.shape[1]:
        return float(value[j] - (used[j] * rate[row, j] + count[row, j] + capacity[row, channel[i, j]]))
    return float(value[j] - (used[j] * rate[row, j] + count[row, j]))


@_compiled
def _less(
    value: Array,
    used: Array,
    rate: Array,
    count: Array,
    capacity: Array,
    row: int,
    channel: Array,
    i: int,
    into: Array,
) -> None:
    """The values of one member less what `bound.Prices.of` says at a row of prices."""
    if capacity.shape[1]:
        for j in range(len(into)):
            into[j] = value[j] - (used[j] * rate[row, j] + count[row, j] + capacity[row, channel[i, j]])
    else:
        for j in range(len(into)):
            into[j] = value[j] - (used[j] * rate[row, j] + count[row, j])


@_compiled
def _to_beat(
    value: Array,
    used: Array,
    rate: Array,
    count: Array,
    capacity: Array,
    row: int,
    channel: Array,
    i: int,
    offer: Array,
    most: int,
    category: Array,
    beats: Array,
) -> float:
    """What the others of each category have to beat where what a member takes is worth least, and the least of that;
    below 0 where the member loses by it."""
    least, places = np.inf, 0
    for place in range(offer.shape[1]):
        if offer[i, place] >= 0:
            least = min(least, _left(value, used, rate, count, capacity, row, channel, i, offer[i, place]))
            places += 1
    beats[:] = least if places == most else 0.0
    for place in range(places):
        j = offer[i, place]
        beats[category[j]] = _left(value, used, rate, count, capacity, row, channel, i, j)
    return min(least, 0.0) if places < most else least


@_compiled
def _is_beaten(high: Array, beats: Array, least: float, category: Array, offer: Array, i: int) -> bool:
    """Whether any other offer may come to be worth more than what it has to beat, which is `least` or more."""
    for place in range(offer.shape[1]):
        if offer[i, place] >= 0:
            high[offer[i, place]] = -np.inf
    over, beaten = 0, False
    for j in range(len(high)):
        over += high[j] > least
    for j in range(len(high) if over else 0):
        beaten |= high[j] > beats[category[j]]
    return beaten


@_compiled
def _tell(value: Array, i: int, offer: Array, worth: Array, pays: Array) -> None:
    """`sorting.best_first` and `pairs.paying` of one member."""
    for place in range(offer.shape[1]):
        j, at = offer[i, place], place
        own = value[i, j] if j >= 0 else np.float32(0)
        while j >= 0 and at > 0 and worth[i, at - 1] < own:
            offer[i, at], worth[i, at] = offer[i, at - 1], worth[i, at - 1]
            at -= 1
        offer[i, at], worth[i, at] = j, own
    pays[i] = offer[i, 0] >= 0 and worth[i, 0] > 0
    for j in range(0 if pays[i] else value.shape[1]):
        pays[i] |= value[i, j] > 0


@_compiled
def sort(
    value: Array,
    use: Array,
    tie: Array,
    channel: Array,
    most: Array,
    category: Array,
    takes_losses: Array,
    room: Array,
    rate: Array,
    count: Array,
    capacity: Array,
    offer: Array,
    worths: Array,
    pays: Array,
    gained: Array,
    sure: Array,
) -> None:
    """`sorting.sorted_out` of a block; `rate`, `count` and `capacity` have a row for the prices, and, where anybody is
    to be found sure, one for the lowest and one for the highest that they may come to."""
    k, categories, all_sure = value.shape[1], category.max() + 1, len(rate) == 1
    loses, each = takes_losses.any(), offer.shape[1]
    worth, used, told, reduced, high = np.empty(k), np.empty(k), np.empty(k), np.empty(k), np.empty(k)
    best, second, at, beats = np.empty(categories), np.empty(categories), np.arange(categories), np.empty(categories)
    top, top_at = np.empty(each), np.empty(each, np.int64)
    for i in range(len(value)):
        _count(value, use, i, takes_losses, room, worth, used)
        _separate(worth, tie[i], told)
        _less(told, used, rate, count, capacity, 0, channel, i, reduced)
        if categories < k:
            _by_category(reduced, category, best, second, at)
            _rank(best, top, top_at)
        else:
            _rank(reduced, top, top_at)
        gained[i] = _give(top, top_at, at, most[i], offer, i)
        sure[i] = True
        if not all_sure:
            for j in range(k if loses else 0):
                worth[j], told[j] = max(worth[j], told[j]), min(worth[j], told[j])
            _less(worth, used, rate, count, capacity, 1, channel, i, high)
            least = _to_beat(told, used, rate, count, capacity, 2, channel, i, offer, most[i], category, beats)
            sure[i] = least >= 0 and not _is_beaten(high, beats, least, category, offer, i)
        _tell(value, i, offer, worths, pays)
