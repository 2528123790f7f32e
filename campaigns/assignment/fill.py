"""Gives what is left of the limits to members who have places left, at the least loss against the bound."""

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.given import Given, Offers, fitting, given, pairs
from campaigns.assignment.limits import Limits
from campaigns.assignment.rows import Rows

Array = NDArray[np.float64]
Members = NDArray[np.intp]


def filled(offer: Offers, rows: Rows, reduced: Array, limits: Limits) -> Offers:
    """The offers (n, each), -1 for nothing, with spare capacity given away; nobody loses or changes an offer.

    `reduced` (n, k) is value less charge, -inf where an offer may not be given. In each round every waiting member asks
    for the best offer that still has room for them, and the least losses are served first; whoever has no place or
    nothing left to ask for leaves.
    """
    offer = offer.copy()
    left = limits.less(given(offer, rows).taken(limits))
    waiting = np.flatnonzero((offer >= 0).sum(axis=1) < rows.most)
    best = open_to(offer[waiting], reduced[waiting], rows.category).max(axis=1, initial=0.0)
    while waiting.size:
        asked, gain = _best_with_room(offer, waiting, rows, reduced, left)
        asking = np.isfinite(gain)
        waiting, best = waiting[asking], best[asking]
        served = _served(pairs(waiting, asked[asking], rows), (best - gain[asking]), left)
        left = left.less(served.taken(limits))
        offer[served.members, (offer[served.members] >= 0).sum(axis=1)] = served.offers
        has_place = (offer[waiting] >= 0).sum(axis=1) < rows.most[waiting]
        waiting, best = waiting[has_place], best[has_place]
    return offer


def open_to(offer: Offers, reduced: Array, category: NDArray[np.int64]) -> Array:
    """Reduced values (n, k), -inf for what members with these offers (n, each) may not have besides."""
    possible = reduced.copy()
    for place in range(offer.shape[1]):
        held = np.where(offer[:, place] >= 0, category[offer[:, place]], -1)
        possible[held[:, None] == category] = -np.inf
    return possible


def _best_with_room(offer: Offers, waiting: Members, rows: Rows, reduced: Array, left: Limits) -> tuple[Members, Array]:
    has_room = (left.count >= 1) & (rows.use[waiting] <= np.minimum(left.money, left.total)) & (left.contacts >= 1)
    if rows.channel is not None:
        has_room &= left.capacity[rows.channel[waiting]] >= 1
    possible = open_to(offer[waiting], reduced[waiting], rows.category)
    possible = np.where(has_room & (rows.worth[waiting] > 0), possible, -np.inf)
    asked = possible.argmax(axis=1)
    return asked, possible[np.arange(len(asked)), asked]


def _served(asked: Given, loss: Array, left: Limits) -> Given:
    return asked.only(fitting(asked, np.argsort(loss, kind="stable"), left))
