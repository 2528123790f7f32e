"""Finds the price of each limit by coordinate descent on the dual bound.

One pass (Zhang et al., "Solving Billion-Scale Knapsack Problems", WWW 2020) sets every offer's prices at
once, each to where the offer's demand meets its limit while the other offers' prices stay; then the prices of the
limits over all offers.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.constraints import Limits

NEAR = 1.05

Array = NDArray[np.float64]


def one_pass(values: Array, use: Array, limits: Limits, prices: Prices) -> Prices:
    """Prices nearer to those at which demand meets every limit.

    `values` (n, k), -inf where an offer may not be given; `use` (n, k) in the unit of the limits' money.
    """
    prices = _met(margins(values - prices.of(use)), use, limits, prices)
    if np.isfinite(limits.contacts):
        best = (values - replace(prices, contacts=0.0).of(use)).max(axis=1)
        prices = replace(prices, contacts=_where_count_meets(best, limits.contacts))
    if np.isfinite(limits.total):
        prices = replace(prices, total=_total_price(values, use, limits.total, prices))
    return prices


def alone(values: Array, use: Array, limits: Limits) -> Prices:
    """What each offer's own limits would charge if it were the only offer: where to start from."""
    return _met(np.maximum(values, 0.0), use, limits, Prices.free(values.shape[1]))


def margins(reduced: Array) -> Array:
    """By how much each offer is better for each member than the best of the others and nothing, (n, k)."""
    rows = np.arange(len(reduced))
    first = reduced.argmax(axis=1)
    best = reduced[rows, first]
    others = reduced.copy()
    others[rows, first] = 0.0
    margin = reduced - np.maximum(best, 0.0)[:, None]
    margin[rows, first] = best - others.max(axis=1, initial=0.0)
    return np.asarray(margin)


def _met(margin: Array, use: Array, limits: Limits, prices: Prices) -> Prices:
    """The offers' prices moved to where those who gain by each offer, by this margin (n, k), meet its limits."""
    count, money = prices.count.copy(), prices.money.copy()
    for j in np.flatnonzero(np.isfinite(limits.count) | np.isfinite(limits.money)):
        wanted, spent = margin[:, j] + count[j] + money[j] * use[:, j], use[:, j]
        money[j] = _where_money_meets(wanted - count[j], spent, limits.money[j])
        count[j] = _where_count_meets(wanted - money[j] * spent, limits.count[j])
    return replace(prices, count=count, money=money)


def _where_count_meets(critical: Array, limit: float) -> float:
    """The least price at which no more members than the limit still gain; each gains below their critical price."""
    wanting = critical[critical > 0]
    if len(wanting) <= limit:
        return 0.0
    next_out = len(wanting) - 1 - int(limit)
    return float(np.partition(wanting, next_out)[next_out])


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


def _total_price(values: Array, use: Array, limit: float, prices: Prices) -> float:
    """The price of money over all offers at which demand meets the limit, the other prices staying."""
    before = values - replace(prices, total=0.0).of(use)
    wanting = before.max(axis=1) > 0
    before, use = before[wanting], use[wanting]
    rows = np.arange(len(before))

    @cache
    def excess(price: float) -> float:
        reduced = before - price * use
        best = reduced.argmax(axis=1)
        return float(use[rows, best][reduced[rows, best] > 0].sum()) - limit

    return _root(excess, prices.total or _usual_worth(before, use))


def _usual_worth(before: Array, use: Array) -> float:
    best = before.argmax(axis=1)[:, None]
    gained = np.take_along_axis(before, best, axis=1).sum()
    return float(gained / max(np.take_along_axis(use, best, axis=1).sum(), 1.0))


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
    return float(brentq(excess, low, high, xtol=1e-5 * high, rtol=1e-5, maxiter=12, disp=False))
