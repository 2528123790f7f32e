"""Finds the price of each limit by coordinate descent on the dual bound.

One pass (Zhang et al., "Solving Billion-Scale Knapsack Problems", WWW 2020) sets every offer's prices at
once, each to where the offer's demand meets its limit while the other offers' prices stay; then the prices of the
limits over several offers.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import chosen
from campaigns.assignment.limits import Limits, taken
from campaigns.assignment.rows import Rows
from loyalty.profiling.cores import share

NEAR = 1.05
FINEST = 1e-9

Array = NDArray[np.float64]


def one_pass(rows: Rows, limits: Limits, prices: Prices) -> Prices:
    """Prices nearer to those at which demand meets every limit."""
    prices = met(chosen(rows, prices).margin, rows, limits, prices)
    prices = replace(prices, contacts=_contacts_price(rows, limits.contacts, prices))
    for channel in np.flatnonzero(np.isfinite(limits.capacity)).tolist():
        prices = _with_capacity(prices, channel, _capacity_price(rows, limits, prices, channel))
    return replace(prices, total=_total_price(rows, limits, prices))


def alone(rows: Rows, limits: Limits) -> Prices:
    """What each offer's own limits would charge if it were the only offer: where to start from."""
    free = Prices.free(len(limits.count), len(limits.capacity))
    return met(np.where(rows.most[:, None] > 0, rows.value, -np.inf), rows, limits, free)


def met(margin: Array, rows: Rows, limits: Limits, prices: Prices) -> Prices:
    """The offers' prices moved to where those who gain by each offer, by this margin (n, k), meet its limits."""
    count, money = prices.count.copy(), prices.money.copy()

    def move(j: int) -> None:
        wanting = np.flatnonzero(np.isfinite(margin[:, j]))
        spent = rows.use[wanting, j]
        wanted = margin[wanting, j] + count[j] + money[j] * spent
        money[j] = _where_money_meets(wanted - count[j], spent, limits.money[j])
        count[j] = where_count_meets(wanted - money[j] * spent, limits.count[j], limits.least[j])

    limited = np.isfinite(limits.count) | np.isfinite(limits.money) | (limits.least > 0)
    share(move, np.flatnonzero(limited).tolist())
    return replace(prices, count=count, money=money)


def apart(rows: Rows, limits: Limits, prices: Prices) -> Prices:
    """Each price moved to where demand meets its own limit while all the others stay."""
    found, margin = replace(prices, count=prices.count.copy(), money=prices.money.copy()), chosen(rows, prices).margin

    def move(j: int) -> None:
        wanting = np.flatnonzero(np.isfinite(margin[:, j]))
        gain, spent = margin[wanting, j], rows.use[wanting, j]
        found.money[j] = _where_money_meets(gain + prices.money[j] * spent, spent, limits.money[j])
        found.count[j] = where_count_meets(gain + prices.count[j], limits.count[j], limits.least[j])

    share(move, range(len(limits.count)))
    for channel in np.flatnonzero(np.isfinite(limits.capacity)).tolist():
        found = _with_capacity(found, channel, _capacity_price(rows, limits, prices, channel))
    contacts = _contacts_price(rows, limits.contacts, prices)
    return replace(found, contacts=contacts, total=_total_price(rows, limits, prices))


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


def _contacts_price(rows: Rows, limit: float, prices: Prices) -> float:
    """It lowers all of a member's values alike, so it leaves their order: the best go out last."""
    if not np.isfinite(limit):
        return 0.0
    free = replace(prices, contacts=0.0)
    offer = chosen(rows, free, margins=False).offer
    members, places = np.nonzero(offer >= 0)
    offers = offer[members, places]
    charge = free.of_pairs(offers, rows.use[members, offers], rows.channels(members, offers))
    return where_count_meets(rows.value[members, offers] - charge, limit)


def _capacity_price(rows: Rows, limits: Limits, prices: Prices, channel: int) -> float:
    def excess(price: float) -> float:
        return float(demand(rows, limits, _with_capacity(prices, channel, price)).capacity[channel]) - capacity

    capacity = float(limits.capacity[channel])
    return _root(excess, float(prices.capacity[channel]) or float(rows.value.max(initial=0.0)) / 8)


def _with_capacity(prices: Prices, channel: int, price: float) -> Prices:
    capacity = prices.capacity.copy()
    capacity[channel] = price
    return replace(prices, capacity=capacity)


def _total_price(rows: Rows, limits: Limits, prices: Prices) -> float:
    """The price of money over all offers at which demand meets the limit, the other prices staying."""

    @cache
    def excess(price: float) -> float:
        return demand(rows, limits, replace(prices, total=price)).total - limits.total

    if not np.isfinite(limits.total):
        return 0.0

    return _root(excess, prices.total or _usual_worth(rows, prices))


def demand(rows: Rows, limits: Limits, prices: Prices) -> Limits:
    """What everybody together takes from the limits at these prices."""
    offer = chosen(rows, prices, margins=False).offer
    members, places = np.nonzero(offer >= 0)
    offers = offer[members, places]
    return taken(offers, rows.use[members, offers], rows.channels(members, offers), limits)


def _usual_worth(rows: Rows, prices: Prices) -> float:
    """Of a unit of money: what members gain by what they take, over what it uses."""
    found = chosen(rows, prices, margins=False)
    members, places = np.nonzero(found.offer >= 0)
    return float(found.gained.sum()) / max(float(rows.use[members, found.offer[members, places]].sum()), 1.0)


def _root(excess: Callable[[float], float], near: float) -> float:
    """Where a falling function that ends below 0 crosses 0, looked for around `near`; 0 when it never is above."""
    from scipy.optimize import brentq  # heavy, and no web page comes here

    if near <= 0:
        return 0.0
    high = near * NEAR
    while excess(high) > 0:
        high *= NEAR**8
    low = near / NEAR if excess(near / NEAR) > 0 else 0.0
    if low == 0.0 and excess(low) <= 0:
        return 0.0
    return float(brentq(excess, low, high, xtol=1e-5 * high, rtol=1e-5, maxiter=4, disp=False))
