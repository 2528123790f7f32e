"""The pairs of an assignment one by one, and which of them fit into the limits."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.limits import Limits, taken
from campaigns.assignment.rows import Rows

Offers = NDArray[np.int16]
Worths = NDArray[np.float32]


@dataclass(frozen=True)
class Given:
    """Pairs (p,) of a member and an offer, with the use of money in millionths and the channel of each."""

    members: NDArray[np.intp]
    offers: NDArray[np.intp]
    use: NDArray[np.float64]
    channels: NDArray[np.int8] | None

    def __len__(self) -> int:
        return len(self.members)

    def only(self, some: NDArray) -> "Given":
        channels = None if self.channels is None else self.channels[some]
        return replace(
            self, members=self.members[some], offers=self.offers[some], use=self.use[some], channels=channels
        )

    def taken(self, limits: Limits) -> Limits:
        return taken(self.offers, self.use, self.channels, limits)


def given(offer: Offers, rows: Rows) -> Given:
    """The pairs of an assignment (n, each), -1 for nothing."""
    members, places = np.nonzero(offer >= 0)
    return pairs(members, offer[members, places], rows)


def pairs(members: NDArray[np.intp], offers: NDArray[np.integer], rows: Rows) -> Given:
    numbers: NDArray[np.intp] = offers.astype(np.intp)
    return Given(members, numbers, rows.use[members, numbers], rows.channels(members, numbers))


def places(given: Given, n: int, each: int) -> Offers:
    """The assignment (n, each) of these pairs, in their order, -1 for nothing."""
    offer = np.full((n, each), -1, dtype=np.int16)
    order = np.argsort(given.members, kind="stable")
    members = given.members[order]
    offer[members, np.arange(len(order)) - np.searchsorted(members, members)] = given.offers[order]
    return offer


def best_first(given: Given, rows: Rows) -> Offers:
    """The assignment (n, each) of these pairs, each member's in the order of their worth."""
    worth = rows.value[given.members, given.offers]
    return places(given.only(np.argsort(-worth, kind="stable")), len(rows), rows.each)


def worths(offer: Offers, worth: NDArray[np.floating]) -> Worths:
    """(n, each): what the offers of an assignment are worth, of all (n, k); 0 for nothing."""
    if not worth.shape[1]:
        return np.zeros(offer.shape, dtype=np.float32)
    found = np.take_along_axis(worth, np.maximum(offer, 0).astype(np.intp), axis=1)
    return np.where(offer >= 0, found, 0).astype(np.float32)


def fitting(given: Given, ranked: NDArray[np.intp], left: Limits) -> NDArray[np.intp]:
    """Of ranked pairs those that fit into what is left: the first ones under each offer's own limits, of these the
    first ones under each channel's, and of these the first ones under those over all offers."""
    ranked = _first_of_each(
        given.offers[ranked], ranked, lambda j, these: leading(given.use[these], left.count[j], left.money[j])
    )
    if given.channels is not None:
        ranked = _first_of_each(
            given.channels[ranked], ranked, lambda c, these: leading(np.zeros(len(these)), left.capacity[c], np.inf)
        )
    return ranked[: leading(given.use[ranked], left.contacts, left.total)]


def _first_of_each(
    kinds: NDArray[np.integer], ranked: NDArray[np.intp], how_many: Callable[[int, NDArray[np.intp]], int]
) -> NDArray[np.intp]:
    kept = np.zeros(len(ranked), dtype=bool)
    for kind in np.unique(kinds).tolist():
        positions = np.flatnonzero(kinds == kind)
        kept[positions[: how_many(kind, ranked[positions])]] = True
    return ranked[kept]


def leading(use: NDArray[np.float64], count: float, money: float) -> int:
    """How many of the first fit into both a count and an amount of money."""
    paid = int(np.searchsorted(np.cumsum(use), money, side="right"))
    return paid if paid < count else int(max(count, 0))
