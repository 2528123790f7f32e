"""The price of each limit by itself, while the others stay: where to start from, and how far off a price may be."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choice import Choice
from campaigns.assignment.choosing import chosen
from campaigns.assignment.limits import Limits, taken
from campaigns.assignment.rows import Rows
from campaigns.assignment.steps import scale, straight
from campaigns.assignment.swaps import CLOSE, WIDE, enough, usual_value
from loyalty.profiling.cores import share

FINEST = 1e-9

Array = NDArray[np.float64]


def alone(rows: Rows, limits: Limits) -> Prices:
    """What each offer's own limits would charge if it were the only offer: where to start from."""
    free = Prices.free(len(limits.count), len(limits.capacity))
    return met(np.where(rows.most[:, None] > 0, rows.value, -np.inf), rows, limits, free)


def met(margin: Array, rows: Rows, limits: Limits, prices: Prices) -> Prices:
    """The offers' prices, each moved to the least at which those who gain by the offer, by this margin (n, k), keep its
    limits while all the others stay (Zhang et al., "Solving Billion-Scale Knapsack Problems", WWW 2020)."""
    found = replace(prices, count=prices.count.copy(), money=prices.money.copy())

    def charge(j: int) -> None:
        wanting = np.flatnonzero(np.isfinite(margin[:, j]))
        spent = rows.use[wanting, j]
        wanted = margin[wanting, j] + prices.count[j] + prices.money[j] * spent
        found.money[j] = _where_money_meets(wanted - prices.count[j], spent, limits.money[j])
        found.count[j] = where_count_meets(wanted - found.money[j] * spent, limits.count[j], limits.least[j])

    share(charge, range(len(limits.count)))
    return found


def apart(rows: Rows, limits: Limits, prices: Prices, wanted: Choice) -> Prices:
    """Each price moved to where demand meets its own limit while all the others stay, from where `wanted` is what
    everybody takes; those of limits over several offers as if demand answered to them in a straight line."""
    by, usual = scale(rows, limits), usual_value(rows)
    around = enough(rows, prices, wanted, near=CLOSE * usual, widest=WIDE * usual, limits=by.limits)
    found = straight(rows, limits, prices, wanted, around, by)

    def charge(j: int) -> None:
        wanting = np.flatnonzero(np.isfinite(wanted.margin[:, j]))
        gain, spent = wanted.margin[wanting, j], rows.use[wanting, j]
        found.money[j] = _where_money_meets(gain + prices.money[j] * spent, spent, limits.money[j])
        found.count[j] = where_count_meets(gain + prices.count[j], limits.count[j], limits.least[j])

    share(charge, range(len(limits.count)))
    return found


def where_count_meets(critical: Array, limit: float, least: float = 0.0) -> float:
    """The price nearest to 0 at which no more members than the limit still gain, and no fewer than the least; each
    gains below their critical price. Where too few could gain at any price, it is that of the last one."""
    gaining = int(np.count_nonzero(critical > 0))
    if least <= gaining <= limit or not critical.size:
        return 0.0
    wanted = int(limit if gaining > limit else np.ceil(least))
    if wanted >= len(critical):
        last = float(critical.min())
        return min(0.0, last - FINEST * max(abs(last), FINEST))
    next_out = len(critical) - 1 - wanted
    return float(np.partition(critical, next_out)[next_out])


def _where_money_meets(margin: Array, use: Array, limit: float) -> float:
    """The least price of money at which those who still gain use no more than the limit."""
    wanting = (margin > 0) & (use > 0)
    spent = use[wanting]
    if spent.sum() <= limit:
        return 0.0
    critical = margin[wanting] / spent
    order = np.argsort(-critical)
    next_out = int(np.searchsorted(np.cumsum(spent[order]), limit, side="right"))
    return float(critical[order[next_out]])


def demand(rows: Rows, limits: Limits, prices: Prices) -> Limits:
    """What everybody together takes from the limits at these prices."""
    offer = chosen(rows, prices, margins=False).offer
    members, places = np.nonzero(offer >= 0)
    offers = offer[members, places]
    return taken(offers, rows.use[members, offers], rows.channels(members, offers), limits)
