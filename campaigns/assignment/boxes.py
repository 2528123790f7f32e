"""How far prices from a sample may be from those that meet the limits for everybody."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choices import Box
from campaigns.assignment.choosing import chosen
from campaigns.assignment.given import Given, given
from campaigns.assignment.limits import Limits, taken
from campaigns.assignment.prices import apart
from campaigns.assignment.rows import Rows

DEVIATIONS = 4.0
AT_LEAST = 4.0  # members by whom a sample may be off, beside those who changed
WIDER = 3.0
NO_PRICE = 1e300  # at which nobody takes anything, and from below which nobody is left out of a minimum

Array = NDArray[np.float64]


def around(rows: Rows, limits: Limits, before: Prices, prices: Prices) -> Box:
    """The prices that would meet the sample's limits if these were off by as much as chance may make them.

    At the prices `before` the demand of everybody is known, so chance comes in only by those of the sample who choose
    otherwise since then: the standard deviation of their number is its root.
    """
    noise = _noise(rows, limits, before, prices)
    fewer, more = limits.less(noise), limits.plus(noise)
    wanted = chosen(rows, prices)
    low, high = (apart(rows, some, prices, wanted).row() for some in (more, fewer.above_0()))
    high = np.where(fewer.row() <= 0, NO_PRICE, high)
    return Box(
        prices,
        low=prices.with_row(np.minimum(low, prices.row())),
        high=prices.with_row(np.maximum(high, prices.row())),
    )


def _noise(rows: Rows, limits: Limits, before: Prices, prices: Prices) -> Limits:
    """By how much each limit may be off for a sample."""
    then, now = (given(chosen(rows, each, margins=False).offer, rows) for each in (before, prices))
    changed = _squares(_only_in(then, now, rows), limits).plus(_squares(_only_in(now, then, rows), limits))
    usual = _squares(now, limits)
    squares = changed.money + AT_LEAST * usual.money / np.maximum(usual.count, 1)
    count = DEVIATIONS * np.sqrt(changed.count + AT_LEAST)
    return replace(
        limits,
        count=count,
        money=DEVIATIONS * np.sqrt(squares),
        contacts=DEVIATIONS * float(np.sqrt(changed.contacts + AT_LEAST)),
        total=DEVIATIONS * float(np.sqrt(changed.total + AT_LEAST * usual.total / max(usual.contacts, 1.0))),
        least=np.where(limits.least > 0, count, 0.0),
        capacity=DEVIATIONS * np.sqrt(changed.capacity + AT_LEAST),
        carried=np.zeros(len(limits.capacity)),
    )


def _squares(pairs: Given, limits: Limits) -> Limits:
    return taken(pairs.offers, pairs.use**2, pairs.channels, limits)


def _only_in(one: Given, other: Given, rows: Rows) -> Given:
    k = rows.value.shape[1]
    return one.only(~np.isin(one.members * k + one.offers, other.members * k + other.offers))


def clipped(box: Box, prices: Prices) -> Prices:
    """The nearest prices in the box."""
    return prices.with_row(np.clip(prices.row(), box.low.row(), box.high.row()))


def holds(box: Box, prices: Prices) -> bool:
    """Whether the prices are in the box, so that whoever is sure in it takes the same at them."""
    return bool(np.array_equal(clipped(box, prices).row(), prices.row()))


def moved(box: Box, prices: Prices) -> Box:
    """A box of the same width around other prices, but three times as wide where they came to lie outside."""
    low, high, row = box.low.row(), box.high.row(), prices.row()
    width = np.minimum(high - low, NO_PRICE)
    is_inside = (low < row) & (row < high) | (width == 0) & (row == low)
    reach = np.where(is_inside, width / 2, WIDER * np.maximum(width, np.abs(row) * 1e-6))
    center = np.clip(row, low - reach, high + reach)
    floor = np.where(box.low.row() < 0, -np.inf, 0.0)
    return Box(
        prices.with_row(center),
        low=prices.with_row(np.maximum(center - reach, np.minimum(floor, center))),
        high=prices.with_row(center + reach),
    )


def opened(box: Box, left: Limits, *, everything: bool) -> Box:
    """The box without an end at those limits of which less than nothing is left or more is asked for, or at all."""
    is_open = np.isfinite(left.row()) if everything else left.row() < 0
    high = np.where(is_open, NO_PRICE, box.high.row())
    count = np.where(left.least > 0, -NO_PRICE, box.low.count)
    return replace(box, high=box.high.with_row(high), low=replace(box.low, count=count))
