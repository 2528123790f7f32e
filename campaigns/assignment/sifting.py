"""Compiled: who takes what at the prices of a box, and who is sure of it: `choices.sorted_out`, to the last bit.

Nearly everybody is told by a look in single precision (`quick`) and a few pairs that are counted out. Whoever is not is
gone through pair by pair.
"""

import numpy as np

from campaigns.assignment import quick
from campaigns.assignment.counting import count, is_beaten, less, separate, to_beat
from campaigns.assignment.ranking import Array, by_category, compiled, give, rank


@compiled
def look(
    value: Array,
    use: Array,
    tie: Array,
    channel: Array,
    most: Array,
    category: Array,
    rate: Array,
    fixed: Array,
    capacity: Array,
    slack: float,
    near_rate: Array,
    near_fixed: Array,
    near_capacity: Array,
    certain: Array,
    offer: Array,
    gained: Array,
    sure: Array,
    untold: Array,
) -> None:
    """Whom the look tells, which is nearly everybody; the `untold` (m,) are the others.

    `rate`, `fixed` and `capacity` have a row for the prices, and, where anybody is to be found sure, one for the lowest
    and one for the highest that they may come to; `near_…` are the first two in single precision, per currency unit.
    """
    k, each, all_sure = value.shape[1], offer.shape[1], len(rate) == 1
    told, used, beats, top = np.empty(k), np.empty(k), np.empty(category.max() + 1), np.empty(each)
    near, near_top = np.empty(k, np.float32), np.empty(each, np.float32)
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
def count_out(
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
