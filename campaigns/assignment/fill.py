"""Gives what is left of the limits to members who have nothing, at the least loss against the bound."""

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Limits, taken
from campaigns.assignment.trim import leading

Array = NDArray[np.float64]


def filled(offer: NDArray[np.intp], reduced: Array, use: Array, limits: Limits) -> NDArray[np.intp]:
    """The offers (n,) with spare capacity given away; nobody loses or changes an offer.

    `reduced` (n, k) is value less charge, -inf where an offer may not be given; `use` (n, k). In each round every
    waiting member asks for the best offer that still has room for them, and the least losses are served first; whoever
    is served or has nothing left to ask for leaves.
    """
    offer = offer.copy()
    waiting = np.flatnonzero((offer < 0) & np.isfinite(reduced).any(axis=1))
    best = reduced.max(axis=1, initial=0.0)
    while waiting.size:
        left = limits.less(taken(offer, use))
        asked, gain = _best_with_room(reduced[waiting], use[waiting], left)
        asking = np.isfinite(gain)
        waiting, asked, loss = waiting[asking], asked[asking], (best[waiting] - gain)[asking]
        served = _served(asked, loss, use[waiting, asked], left)
        offer[waiting[served]] = asked[served]
        waiting = np.delete(waiting, served)
    return offer


def _best_with_room(reduced: Array, use: Array, left: Limits) -> tuple[NDArray[np.intp], Array]:
    room = (left.count >= 1) & (use <= np.minimum(left.money, left.total)) & (left.contacts >= 1)
    possible = np.where(room, reduced, -np.inf)
    asked = possible.argmax(axis=1)
    return asked, possible[np.arange(len(asked)), asked]


def _served(asked: NDArray[np.intp], loss: Array, use: Array, left: Limits) -> NDArray[np.intp]:
    ranked = np.argsort(loss, kind="stable")
    fitting = [_fitting(ranked[asked[ranked] == j], use, left, j) for j in np.unique(asked)]
    ranked = ranked[np.isin(ranked, np.concatenate([*fitting, np.empty(0, dtype=np.intp)]))]
    return ranked[: leading(use[ranked], left.contacts, left.total)]


def _fitting(ranked: NDArray[np.intp], use: Array, left: Limits, offer: int) -> NDArray[np.intp]:
    return ranked[: leading(use[ranked], left.count[offer], left.money[offer])]
