"""Compiled: what pairs of one member come to, counted out to the last bit as NumPy counts them."""

import numpy as np

from campaigns.assignment.limits import HUNDREDTH, MILLIONTHS, SINGLE_NOISE
from campaigns.assignment.ranking import Array, compiled
from campaigns.assignment.ties import LARGEST_CUT

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
BITS = (np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11))
WHOLE = 2.0**23  # millionths, below which single precision tells whole ones apart


@compiled
def millionths(use: float) -> float:
    """`limits.whole_millionths` of one use."""
    exact = np.float64(use) * MILLIONTHS
    nearest = np.rint(exact)
    told = nearest if abs(exact - nearest) <= exact * SINGLE_NOISE else np.ceil(exact)
    if told >= WHOLE:
        nearest = np.rint(exact / HUNDREDTH) * HUNDREDTH
        told = nearest if abs(exact - nearest) <= exact * SINGLE_NOISE else told
    return float(told)


@compiled
def separated(worth: float, tie: int, j: int) -> float:
    """`ties.separated` of one pair, by `ties.fractions`."""
    mixed = np.uint64(tie) + GOLDEN * np.uint64(j + 1)
    mixed = (mixed ^ (mixed >> BITS[0])) * FIRST
    mixed = (mixed ^ (mixed >> BITS[1])) * SECOND
    mixed = (mixed ^ (mixed >> BITS[2])) >> BITS[3]
    return worth * (1 - LARGEST_CUT * (np.int64(mixed) * 2.0**-53))


@compiled
def left(
    value: float, used: float, rate: Array, fixed: Array, capacity: Array, row: int, channel: Array, i: int, j: int
) -> float:
    """A pair's value less what `bound.Prices.of` says at a row of prices."""
    if capacity.shape[1]:
        return float(value - (used * rate[row, j] + fixed[row, j] + capacity[row, channel[i, j]]))
    return float(value - (used * rate[row, j] + fixed[row, j]))


@compiled
def count(value: Array, use: Array, i: int, takes_losses: Array, room: Array, worth: Array, used: Array) -> None:
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


@compiled
def separate(worth: Array, tie: int, told: Array) -> None:
    """`ties.separated` of one member."""
    for j in range(len(worth)):
        told[j] = separated(worth[j], tie, j)


@compiled
def less(
    value: Array, used: Array, rate: Array, fixed: Array, capacity: Array, row: int, channel: Array, i: int, into: Array
) -> None:
    """`left` of all pairs of one member."""
    if capacity.shape[1]:
        for j in range(len(into)):
            into[j] = value[j] - (used[j] * rate[row, j] + fixed[row, j] + capacity[row, channel[i, j]])
    else:
        for j in range(len(into)):
            into[j] = value[j] - (used[j] * rate[row, j] + fixed[row, j])


@compiled
def to_beat(
    value: Array,
    used: Array,
    rate: Array,
    fixed: Array,
    capacity: Array,
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
        j = offer[i, place]
        if j >= 0:
            least = min(least, left(value[j], used[j], rate, fixed, capacity, 2, channel, i, j))
            places += 1
    beats[:] = least if places == most else 0.0
    for place in range(places):
        j = offer[i, place]
        beats[category[j]] = left(value[j], used[j], rate, fixed, capacity, 2, channel, i, j)
    return min(least, 0.0) if places < most else least


@compiled
def is_beaten(high: Array, beats: Array, least: float, category: Array, offer: Array, i: int) -> bool:
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


@compiled
def tell(value: Array, offer: Array, worth: Array, pays: Array) -> None:
    """`choices.best_first` and `pairs.paying`."""
    for i in range(len(value)):
        for place in range(offer.shape[1]):
            j, at = offer[i, place], place
            own = value[i, j] if j >= 0 else np.float32(0)
            while j >= 0 and at > 0 and worth[i, at - 1] < own:
                offer[i, at], worth[i, at] = offer[i, at - 1], worth[i, at - 1]
                at -= 1
            offer[i, at], worth[i, at] = j, own
        paying = offer[i, 0] >= 0 and worth[i, 0] > 0
        for j in range(0 if paying else value.shape[1]):
            paying |= value[i, j] > 0
        pays[i] = paying
