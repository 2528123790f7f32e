"""Compiled: what the offers that a block's members take come to."""

import numpy as np

from campaigns.assignment.counting import millionths
from campaigns.assignment.ranking import Array, compiled


@compiled
def tally(
    use: Array,
    channel: Array,
    offer: Array,
    worth: Array,
    gained: Array,
    sure: Array,
    unit: float,
    count: Array,
    money: Array,
    carried: Array,
) -> tuple[int, int]:
    """`limits.taken` of those who are sure, added to `count` and `money` (k,) and, per channel, to `carried` (2, c),
    numbers first; and, in whole units, what these offers are worth, each rounded down, and what everybody keeps, each
    rounded up."""
    value, kept, channels = 0, 0, carried.shape[1]
    for i in range(len(offer)):
        kept += int(np.ceil(gained[i] / unit))
        for place in range(offer.shape[1] if sure[i] else 0):
            j = offer[i, place]
            if j < 0:
                continue
            used = millionths(use[i, j])
            count[j] += 1
            money[j] += used
            value += int(np.floor(np.float64(worth[i, place]) / unit))
            if channels:
                carried[0, max(channel[i, j], 0)] += 1
                carried[1, max(channel[i, j], 0)] += used
    return value, kept
