"""Goes through everybody at given prices: who is sure of what they take, and who is near an edge.

Whoever is sure takes the same at all prices of a box. So where the best prices are in the box, only those near an edge
are still to be decided, and the part of the others in the bound is known for each of these prices.
"""

from dataclasses import dataclass
from functools import reduce
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choice import choice
from campaigns.assignment.given import Offers, Worths, worths
from campaigns.assignment.kernels import compiled
from campaigns.assignment.limits import Limits, taken, whole_millionths
from campaigns.assignment.pairs import Block, Pairs, paying
from campaigns.assignment.rows import Rules, most, room, rows
from campaigns.assignment.survey import joined, parts
from campaigns.assignment.survey import taken as these
from loyalty.profiling.cores import share

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """Prices, and between which they may still come to lie."""

    prices: Prices
    low: Prices
    high: Prices


@dataclass(frozen=True)
class Sorted:
    """`offer` (n, each) what everybody takes and its `worth`, and `pays` (n,) whom anything would be worth giving;
    `sure` what those who are sure take from the limits, and `value` its worth in units; `kept` what everybody keeps of
    separated values, in units rounded up.

    `edge` (e,) are the positions of the others, and `near` the others themselves.
    """

    offer: Offers
    worth: Worths
    pays: NDArray[np.bool_]
    sure: Limits
    value: int
    kept: int
    edge: NDArray[np.intp]
    near: Block


@dataclass(frozen=True)
class Choices:
    """Of a block's members: what they take (m, each), the best first, and what it is worth; whom anything would be
    worth giving, what they keep of it after charges, and whether they are sure (m,)."""

    offer: Offers
    worth: Worths
    pays: NDArray[np.bool_]
    gained: Array
    sure: NDArray[np.bool_]


def sort(pairs: Pairs, rules: Rules, box: Box, *, unit: float) -> Sorted:
    """Everybody at the prices of the box.

    Sums of values are counted in whole units, a power of 2 in currency units, so that they are the same in any order.
    """
    offer = np.empty((pairs.members, rules.each), dtype=np.int16)
    worth, pays = np.empty(offer.shape, dtype=np.float32), np.empty(pairs.members, dtype=np.bool_)
    loops = compiled(pairs.members * pairs.offers)

    def read(some: slice) -> tuple[Limits, int, int, NDArray[np.intp], Block]:
        block = pairs.block(some)
        found = sorted_out(block, rules, box, loops)
        offer[some], worth[some], pays[some] = found.offer, found.worth, found.pays
        unsure = np.flatnonzero(~found.sure)
        certain = np.where(found.sure[:, None], found.offer, np.int16(-1))
        value = _in_units(found.worth[found.sure], unit, np.floor)
        kept = _in_units(found.gained, unit, np.ceil)
        return taken_by(certain, block, rules), value, kept, unsure + some.start, these(block, unsure)

    sures, values, kepts, edges, nears = zip(*share(read, parts(pairs)), strict=True)
    return Sorted(
        offer=offer,
        worth=worth,
        pays=pays,
        sure=reduce(Limits.plus, sures),
        value=sum(values),
        kept=sum(kepts),
        edge=np.concatenate(edges),
        near=joined(nears),
    )


def sorted_out(block: Block, rules: Rules, box: Box | Prices, loops: ModuleType | None) -> Choices:
    """What the members of a block choose, and whether that is the best at all prices of the box."""
    prices = [box.prices, box.low, box.high] if isinstance(box, Box) else [box]
    if loops is None:
        return _by_numpy(block, rules, prices)
    m, channels = len(block.value), len(rules.limits.capacity) if block.channel is not None else 0
    found = Choices(
        offer=np.empty((m, rules.each), dtype=np.int16),
        worth=np.empty((m, rules.each), dtype=np.float32),
        pays=np.empty(m, dtype=bool),
        gained=np.empty(m),
        sure=np.empty(m, dtype=bool),
    )
    loops.sort(
        np.ascontiguousarray(block.value),
        np.ascontiguousarray(block.use),
        block.tie,
        np.empty((1, 0), dtype=np.int8) if not channels else block.channel,
        most(block, rules),
        rules.category,
        rules.takes_losses,
        room(rules.limits),
        np.stack([each.money + each.total for each in prices]),
        np.stack([each.count + each.contacts for each in prices]),
        np.stack([each.capacity[:channels] for each in prices]),
        found.offer,
        found.worth,
        found.pays,
        found.gained,
        found.sure,
    )
    return found


def _by_numpy(block: Block, rules: Rules, prices: list[Prices]) -> Choices:
    members = rows(block, rules)
    worth = members.worth.astype(np.float64)
    charge = [each.of(members.use, members.channel) for each in prices]
    found = choice(members.value - charge[0], members.most, members.category, members.each, margins=False)
    sure = np.ones(len(worth), dtype=bool)
    if len(prices) > 1:
        high, low = np.maximum(worth, members.value) - charge[1], np.minimum(worth, members.value) - charge[2]
        sure = is_sure(high, low, found.offer, members.most, members.category)
    return Choices(*best_first(found.offer, block.value), paying(block), found.gained, sure)


def is_sure(high: Array, low: Array, offer: Offers, most: NDArray[np.int64], category: NDArray[np.int64]) -> NDArray:
    """Whether members do best by these offers (n, each) even if those are worth no more than `low` and the others as
    much as `high` (n, k): each beats nothing, the others of its category, and, where all places are taken, all others.
    """
    members, places = np.nonzero(offer >= 0)
    offers, beats = offer[members, places], np.full((len(high), int(category.max(initial=0)) + 1), np.nan)
    beats[members, category[offers]] = low[members, offers]
    least = np.full(len(high), np.inf)
    np.minimum.at(least, members, low[members, offers])
    is_full = (offer >= 0).sum(axis=1) == most
    beaten = beats[:, category]
    to_beat = np.where(np.isnan(beaten), np.where(is_full, least, 0.0)[:, None], beaten)
    others = high.copy()
    others[members, offers] = -np.inf
    return np.asarray((least >= 0) & (others <= to_beat).all(axis=1))


def best_first(offer: Offers, value: NDArray[np.float32]) -> tuple[Offers, Worths]:
    """The offers (m, each) in the order of what they are worth before charges, of values (m, k), and their worth."""
    worth = worths(offer, value)
    order = np.argsort(np.where(offer >= 0, -worth, np.inf), axis=1, kind="stable")
    return np.take_along_axis(offer, order, axis=1), np.take_along_axis(worth, order, axis=1)


def taken_by(offer: Offers, block: Block, rules: Rules) -> Limits:
    """What the offers (m, each) of a block's members take from the limits."""
    some, places = np.nonzero(offer >= 0)
    offers = offer[some, places]
    channels = None if block.channel is None else np.maximum(block.channel[some, offers], 0)
    return taken(offers, whole_millionths(block.use[some, offers]), channels, rules.limits)


def _in_units(numbers: NDArray[np.floating], unit: float, rounded: np.ufunc) -> int:
    """Their sum, each in whole units."""
    return int(rounded(numbers.astype(np.float64) / unit).astype(np.int64).sum())
