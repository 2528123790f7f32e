"""Compiled: who takes what at the prices of a box, and who is sure of it: `choices.sorted_out`, to the last bit.

Nearly everybody is told by a look in single precision (`quick`) and a few pairs that are counted out. Whoever is not is
gone through pair by pair.
"""

import numpy as np

from campaigns.assignment import quick
from campaigns.assignment.counting import count, is_beaten, less, separate, tell, to_beat
from campaigns.assignment.limits import MILLIONTHS
from campaigns.assignment.ranking import Array, by_category, compiled, give, rank

CLOSED = np.float32(1e30)  # what an offer is charged by the look that nobody may have


@compiled
def sift(
    value: Array,
    use: Array,
    tie: Array,
    channel: Array,
    most: Array,
    category: Array,
    takes_losses: Array,
    room: Array,
    rate: Array,
    fixed: Array,
    capacity: Array,
    offer: Array,
    worths: Array,
    pays: Array,
    gained: Array,
    sure: Array,
) -> None:
    """Everybody in a block; `rate`, `fixed` and `capacity` have a row for the prices, and, where anybody is to be found
    sure, one for the lowest and one for the highest that they may come to."""
    untold = np.ones(len(value), np.bool_)
    if _allow_a_look(takes_losses, rate, fixed, capacity):
        _look(value, use, tie, channel, most, category, room, rate, fixed, capacity, offer, gained, sure, untold)
    _count_out(
        value, use, tie, channel, most, category, takes_losses, room, rate, fixed, capacity, offer, gained, sure, untold
    )
    for i in range(len(value)):
        tell(value, i, offer, worths, pays)


@compiled
def _allow_a_look(takes_losses: Array, rate: Array, fixed: Array, capacity: Array) -> bool:
    """No value below 0 counts, and charges are such as single precision holds."""
    largest = np.abs(rate[:2]).max() * MILLIONTHS + np.abs(fixed[:2]).max()
    lowest = min(rate[:2].min(), fixed[:2].min())
    for capacities in capacity[:2]:
        for each in capacities:
            largest, lowest = max(largest, abs(each)), min(lowest, each)
    return lowest >= 0 and largest < CLOSED and not takes_losses.any()


@compiled
def _look(
    value: Array,
    use: Array,
    tie: Array,
    channel: Array,
    most: Array,
    category: Array,
    room: Array,
    rate: Array,
    fixed: Array,
    capacity: Array,
    offer: Array,
    gained: Array,
    sure: Array,
    untold: Array,
) -> None:
    """Whom the look tells, which is nearly everybody."""
    k, each, all_sure, slack = value.shape[1], offer.shape[1], len(rate) == 1, rate[:2].max()
    told, used, beats, top = np.empty(k), np.empty(k), np.empty(category.max() + 1), np.empty(each)
    near, near_top, near_rate = np.empty(k, np.float32), np.empty(each, np.float32), quick.single(rate * MILLIONTHS)
    near_fixed, near_capacity = quick.single(fixed), quick.single(capacity)
    near_fixed += np.where(room < 0, CLOSED, np.float32(0))
    certain = quick.single(np.where(room < 0, np.inf, (room * (1 - quick.NOISE) - 1) / MILLIONTHS))
    for i in range(len(value)):
        if not most[i] or not quick.fits(use, certain, i):
            continue
        quick.leave(value, use, near_rate, near_fixed, near_capacity, 0, channel, i, near)
        places = quick.best(near, category, most[i], near_top, offer, i)
        if not quick.count_out(
            value, use, tie[i], rate, fixed, capacity, channel, i, offer, places, used, told, top
        ) or not quick.is_best(value, near, slack, i, offer, places, most[i], top, category):
            continue
        gained[i], sure[i], untold[i] = quick.added(top, places), True, False
        if not all_sure:
            least = to_beat(told, used, rate, fixed, capacity, channel, i, offer, most[i], category, beats)
            quick.leave(value, use, near_rate, near_fixed, near_capacity, 1, channel, i, near)
            sure[i] = least >= 0 and not quick.is_beaten(
                value, use, near, slack, rate, fixed, capacity, channel, i, offer, least, category, beats
            )


@compiled
def _count_out(
    value: Array,
    use: Array,
    tie: Array,
    channel: Array,
    most: Array,
    category: Array,
    takes_losses: Array,
    room: Array,
    rate: Array,
    fixed: Array,
    capacity: Array,
    offer: Array,
    gained: Array,
    sure: Array,
    untold: Array,
) -> None:
    """Whom the look does not tell, pair by pair."""
    k, categories, all_sure = value.shape[1], category.max() + 1, len(rate) == 1
    loses, each = takes_losses.any(), offer.shape[1]
    worth, used, told, reduced, high = np.empty(k), np.empty(k), np.empty(k), np.empty(k), np.empty(k)
    best, second, at, beats = np.empty(categories), np.empty(categories), np.arange(categories), np.empty(categories)
    top, top_at = np.empty(each), np.empty(each, np.int64)
    for i in range(len(value)):
        if not untold[i]:
            continue
        count(value, use, i, takes_losses, room, worth, used)
        separate(worth, tie[i], told)
        less(told, used, rate, fixed, capacity, 0, channel, i, reduced)
        if categories < k:
            by_category(reduced, category, best, second, at)
            rank(best, top, top_at)
        else:
            rank(reduced, top, top_at)
        gained[i] = give(top, top_at, at, most[i], offer, i)
        sure[i] = True
        if not all_sure:
            for j in range(k if loses else 0):
                worth[j], told[j] = max(worth[j], told[j]), min(worth[j], told[j])
            less(worth, used, rate, fixed, capacity, 1, channel, i, high)
            least = to_beat(told, used, rate, fixed, capacity, channel, i, offer, most[i], category, beats)
            sure[i] = least >= 0 and not is_beaten(high, beats, least, category, offer, i)
