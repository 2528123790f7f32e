"""Lets all members in memory choose at given prices: by all cores, and by compiled loops where there are many."""

from types import ModuleType

import numpy as np

from campaigns.assignment.bound import Prices, at_limits
from campaigns.assignment.choice import Choice, choice
from campaigns.assignment.kernels import compiled
from campaigns.assignment.limits import Limits
from campaigns.assignment.rows import Rows
from loyalty.profiling.cores import share

MEMBERS_AT_ONCE = 2_048  # so that a sample, too, is work for all cores


def chosen(rows: Rows, prices: Prices, *, margins: bool = True) -> Choice:
    """What everybody takes at these prices; without margins these stay empty, for those who do not need them."""
    loops = compiled(rows.value.size)
    if loops is None:
        reduced = rows.value - prices.of(rows.use, rows.channel)
        return choice(reduced, rows.most, rows.category, rows.each, margins=margins)
    return _by_loops(rows, prices, loops, margins=margins)


def _by_loops(rows: Rows, prices: Prices, loops: ModuleType, *, margins: bool) -> Choice:
    n, k = rows.value.shape
    found = Choice(
        offer=np.empty((n, rows.each), dtype=np.int16),
        gained=np.empty(n),
        margin=np.empty((k, n if margins else 0)).T,  # an offer's margins side by side, as they are asked for
    )
    no_channel = np.empty((1, 0), dtype=np.int8)

    def choose(part: slice) -> None:
        loops.choose(
            rows.value[part],
            rows.use[part],
            no_channel if rows.channel is None else rows.channel[part],
            rows.most[part],
            rows.category,
            prices.money + prices.total,
            prices.count + prices.contacts,
            prices.capacity if rows.channel is not None else np.empty(0),
            found.offer[part],
            found.gained[part],
            found.margin[part],
        )

    share(choose, [slice(first, first + MEMBERS_AT_ONCE) for first in range(0, n, MEMBERS_AT_ONCE)])
    return found


def bound(rows: Rows, limits: Limits, prices: Prices) -> float:
    """The Lagrangian dual at these prices: no assignment of these values within the limits is worth more."""
    return float(chosen(rows, prices, margins=False).gained.sum()) + at_limits(limits, prices)
