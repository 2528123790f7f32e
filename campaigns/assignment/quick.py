"""Compiled: a look at one member in single precision, which says what comes into question.

What it says is counted out (`counting`), and so is every other offer that comes so near that rounding (`charges.NOISE`)
could change who takes what.
"""

import numpy as np

from campaigns.assignment.charges import NOISE
from campaigns.assignment.counting import left, millionths, separated
from campaigns.assignment.ranking import Array, compiled

NOTHING = np.float32(0)


@compiled
def fits(use: Array, room: Array, i: int) -> bool:
    """Whether no use can be larger than what there is room for (k,)."""
    over = 0
    for j in range(len(room)):
        over += use[i, j] > room[j]
    return over == 0


@compiled
def leave(
    value: Array, use: Array, rate: Array, fixed: Array, capacity: Array, row: int, channel: Array, i: int, near: Array
) -> None:
    """What each offer leaves, nearly, at a row of prices."""
    for j in range(len(near)):
        near[j] = value[i, j] - (use[i, j] * rate[row, j] + fixed[row, j])
    for j in range(len(near) if capacity.shape[1] else 0):
        near[j] -= capacity[row, channel[i, j]]


@compiled
def best(near: Array, category: Array, most: int, top: Array, offer: Array, i: int) -> int:
    """What leaves most into the member's places, one of a category; how many there are."""
    places, bar = 0, NOTHING
    for place in range(offer.shape[1]):
        offer[i, place] = -1
    for j in range(len(near)):
        if near[j] > bar:
            at = _place(category, offer, places, i, j)
            if at < places and top[at] >= near[j]:
                continue
            at = min(at, most - 1)
            places = max(places, at + 1)
            while at > 0 and top[at - 1] < near[j]:
                top[at], offer[i, at] = top[at - 1], offer[i, at - 1]
                at -= 1
            top[at], offer[i, at] = near[j], j
            bar = top[most - 1] if places == most else NOTHING
    return places


@compiled
def _place(category: Array, offer: Array, places: int, i: int, j: int) -> int:
    """Where an offer of the same category is, or behind all."""
    for place in range(places):
        if category[offer[i, place]] == category[j]:
            return place
    return places


@compiled
def count_out(
    value: Array,
    use: Array,
    tie: int,
    rate: Array,
    fixed: Array,
    capacity: Array,
    channel: Array,
    i: int,
    offer: Array,
    places: int,
    used: Array,
    told: Array,
    top: Array,
) -> bool:
    """What a member's offers leave in earnest, in order; False where one leaves nothing, or two the same."""
    for place in range(places):
        j, at = offer[i, place], place
        used[j], told[j] = millionths(use[i, j]), separated(np.float64(value[i, j]), tie, j)
        own = left(told[j], used[j], rate, fixed, capacity, 0, channel, i, j)
        while at > 0 and top[at - 1] < own:
            top[at], offer[i, at] = top[at - 1], offer[i, at - 1]
            at -= 1
        top[at], offer[i, at] = own, j
        if own <= 0 or (at > 0 and top[at - 1] == own):
            return False
    return True


@compiled
def added(top: Array, places: int) -> float:
    kept = 0.0
    for place in range(places):
        kept += top[place]
    return kept


@compiled
def contenders(value: Array, near: Array, least: float, i: int, offer: Array) -> int:
    """How many others may leave more than the least."""
    for place in range(offer.shape[1]):
        if offer[i, place] >= 0:
            near[offer[i, place]] = -np.inf
    over, bar = 0, np.float32(least)
    for j in range(len(near)):
        over += near[j] + NOISE * value[i, j] > bar
    return over


@compiled
def is_best(
    value: Array, near: Array, slack: float, i: int, offer: Array, places: int, most: int, top: Array, category: Array
) -> bool:
    """Whether no other offer comes near to those in the places, of which `top` says what they leave."""
    least = top[places - 1] if places == most else 0.0
    if not contenders(value, near, least - slack, i, offer):
        return True
    for j in range(len(near)):
        most_left = near[j] + NOISE * value[i, j] + slack
        if most_left > least and value[i, j] > 0:
            at = _place(category, offer, places, i, j)
            if at == places or most_left > top[at]:
                return False
    return True


@compiled
def is_beaten(
    value: Array,
    use: Array,
    near: Array,
    slack: float,
    rate: Array,
    fixed: Array,
    capacity: Array,
    channel: Array,
    i: int,
    offer: Array,
    least: float,
    category: Array,
    beats: Array,
) -> bool:
    """`counting.is_beaten`, counting out only what comes near."""
    if not contenders(value, near, least - slack, i, offer):
        return False
    for j in range(len(near)):
        own = np.float64(value[i, j])
        most_left = near[j] + NOISE * own + slack
        if most_left > least and own > 0 and most_left > beats[category[j]]:
            high = left(own, millionths(use[i, j]), rate, fixed, capacity, 1, channel, i, j)
            if high > beats[category[j]]:
                return True
    return False
