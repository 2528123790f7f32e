"""What the members of a block choose at given prices, and who of them is sure of it.

Whoever is sure takes the same at all prices of a box.
"""

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.charges import Charges
from campaigns.assignment.choice import choice
from campaigns.assignment.given import Offers, Worths, worths
from campaigns.assignment.pairs import Block, paying
from campaigns.assignment.rows import Rules, most, room, rows

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """Prices, and between which they may still come to lie."""

    prices: Prices
    low: Prices
    high: Prices


@dataclass(frozen=True)
class Choices:
    """Of a block's members: what they take (m, each), the best first, and what it is worth; whom anything would be
    worth giving, what they keep of it after charges, and whether they are sure (m,)."""

    offer: Offers
    worth: Worths
    pays: NDArray[np.bool_]
    gained: Array
    sure: NDArray[np.bool_]


def sorted_out(block: Block, rules: Rules, box: Box | Prices, loops: ModuleType | None) -> Choices:
    """What the members of a block choose, and whether that is the best at all prices of the box."""
    prices = [box.prices, box.low, box.high] if isinstance(box, Box) else [box]
    if loops is None:
        return _by_numpy(block, rules, prices)
    return _by_loops(block, rules, Charges.of(prices, channels=channels_of(block, rules)), loops)


def _by_loops(block: Block, rules: Rules, charges: Charges, loops: ModuleType) -> Choices:
    """Nearly everybody by a look, and pair by pair whom that does not tell."""
    m, value, use = len(block.value), np.ascontiguousarray(block.value), np.ascontiguousarray(block.use)
    members = value, use, block.tie, carriers(block, rules), most(block, rules), rules.category
    charged = charges.rate, charges.fixed, charges.capacity
    offer, gained = np.empty((m, rules.each), dtype=np.int16), np.empty(m)
    sure, untold = np.empty(m, dtype=bool), np.ones(m, dtype=bool)
    if charges.allow_a_look(rules):
        loops.look(*members, *charged, charges.slack, *charges.nearly(rules), offer, gained, sure, untold)
    if untold.any():
        loops.count_out(*members, rules.takes_losses, room(rules.limits), *charged, offer, gained, sure, untold)
    worth, pays = np.empty((m, rules.each), dtype=np.float32), np.empty(m, dtype=bool)
    loops.tell(value, offer, worth, pays)
    return Choices(offer, worth, pays, gained, sure)


def channels_of(block: Block, rules: Rules) -> int:
    """How many channels may be limited."""
    return 0 if block.channel is None else len(rules.limits.capacity)


def carriers(block: Block, rules: Rules) -> NDArray[np.int8]:
    """By which channel each pair goes, for the compiled loops; of no use where none is limited."""
    if block.channel is None or not channels_of(block, rules):
        return np.empty((1, 0), dtype=np.int8)
    return block.channel


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
