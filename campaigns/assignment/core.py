"""Assigns members who are in memory at given prices: whole offers within the limits, then the remains of the limits."""

import numpy as np

from campaigns.assignment import exact
from campaigns.assignment.bound import Prices
from campaigns.assignment.choice import Choice
from campaigns.assignment.choosing import chosen
from campaigns.assignment.exchange import Board, exchanged
from campaigns.assignment.fill import filled
from campaigns.assignment.given import Given, given, places
from campaigns.assignment.limits import Limits
from campaigns.assignment.minimum import supplied
from campaigns.assignment.rows import Rows
from campaigns.assignment.trim import trimmed

SMALLEST_CHARGE = 1e-12
WORTH_EXCHANGING = 2**21  # pairs: the remains of limits are a large share of a small campaign only


def within(rows: Rows, limits: Limits, prices: Prices, *, exchanging: bool = True) -> Given:
    """What everybody gets: the best at these prices; then what exceeds a limit is taken back, minimum volumes are made
    up, and what is left is given away and, where there are few members, exchanged."""
    exactly = exact.best(rows, limits) if rows.value.size <= exact.WORTH_PAIRS else None
    if exactly is not None:
        return exactly
    wanted = chosen(rows, prices)
    reduced = rows.value - prices.of(rows.use, rows.channel)
    has = trimmed(*_ranked(wanted, rows, prices), limits)
    has = supplied(has, rows, reduced, limits)
    offer = filled(places(has, len(rows), rows.each), rows, reduced, limits)
    if not exchanging or rows.value.size > WORTH_EXCHANGING:
        return given(offer, rows)
    return given(exchanged(Board(rows, reduced, wanted.margin, limits), offer), rows)


def _ranked(wanted: Choice, rows: Rows, prices: Prices) -> tuple[Given, np.ndarray]:
    """What everybody wants, and what is lost without it per unit of its charge."""
    has = given(wanted.offer, rows)
    charge = prices.of_pairs(has.offers, has.use, has.channels)
    return has, wanted.margin[has.members, has.offers] / np.maximum(charge, SMALLEST_CHARGE)
