"""What members do between two days, given what was really sent to them.

The ordinary shops are those of `purchases`, the same whatever was sent. Messages change them only in the four planted
ways, and each message's chances are its own, so that untreated members live the same days in every telling.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer import planted, purchases, till
from config.demo.retailer.chance import Ints
from config.demo.retailer.purchases import Baskets, Lines
from config.demo.retailer.rows import Rows
from config.demo.retailer.world import World


@dataclass(frozen=True, eq=False)
class Contacts(Rows):
    """Messages that were really sent (c,): who got which offer on which day, by which of `world.CHANNELS`, and how many
    minutes after midnight."""

    member: Ints
    offer: Ints
    day: Ints
    channel: Ints
    minute: Ints

    @classmethod
    def at_once(cls, member: Ints, offer: Ints, *, day: int, channel: int, minute: int = 9 * 60) -> Self:
        """The same moment and the same channel for all."""
        return cls(member, offer, *(np.full(len(member), of_all) for of_all in (day, channel, minute)))

    def once(self) -> Self:
        """One row per member, offer and day, however many channels carried it, by day."""
        _, first = np.unique(np.stack([self.day, self.member, self.offer]), axis=1, return_index=True)
        return self.take(first)


def nobody() -> Contacts:
    """No message at all."""
    none = np.empty(0, np.int64)
    return Contacts(none, none, none, none, none)


@dataclass(frozen=True, eq=False)
class Shopping:
    """Baskets and their lines, after offers."""

    baskets: Baskets
    lines: Lines


def shopping(world: World, sent: Contacts, *, since: int, until: int) -> Shopping:
    """All purchases from day `since` to before day `until`; `sent` holds the messages of those days and of the
    `planted.EFFECT_DAYS` before them (others change nothing). Two calls in a row tell the same as one call over both.
    """
    recent = sent.take((sent.day < until) & (sent.day > since - planted.EFFECT_DAYS)).once()
    heard = recent.take(noticed(world, recent))
    found = planted.kinds(world, heard.member, heard.offer)
    earliest = min(since, *recent.day) if len(recent) else since
    ordinary = _Calendar.of(purchases.baskets(world, earliest, until), until)
    shops = ordinary.with_offers(heard.take(found == planted.SURE_THING))
    kept = ~ordinary.lost(world, heard.take(found == planted.SLEEPING_DOG))
    extra = _trips(world, heard.take(found == planted.PERSUADABLE))
    shopped = shops.take(kept) + extra
    shopped = shopped.take((shopped.day >= since) & (shopped.day < until))
    shopped = shopped.take(np.lexsort((shopped.trip, shopped.member, shopped.day)))
    return Shopping(shopped, till.redeem(world, shopped, purchases.lines(world, shopped)))


def noticed(world: World, sent: Contacts) -> NDArray[np.bool_]:
    """Whether each message is noticed; the same for all channels of a day."""
    return world.chance("notices", sent.member, sent.offer, sent.day) < world.traits.attention[sent.member]


@dataclass(frozen=True, eq=False)
class _Calendar:
    """Ordinary baskets by member and then by day, to find those that follow a message."""

    baskets: Baskets
    keys: Ints
    until: int

    @classmethod
    def of(cls, baskets: Baskets, until: int) -> Self:
        ordered = baskets.take(np.lexsort((baskets.day, baskets.member)))
        return cls(ordered, ordered.member * (until + 1) + ordered.day, until)

    def with_offers(self, sent: Contacts) -> Baskets:
        """The baskets, with each message's offer brought to the first shop after it; the earlier message goes first."""
        first, beyond = self._following(sent)
        reached = np.flatnonzero(first < beyond)[::-1]
        offer = self.baskets.offer.copy()
        offer[first[reached]] = sent.offer[reached]
        return replace(self.baskets, offer=offer)

    def lost(self, world: World, sent: Contacts) -> NDArray[np.bool_]:
        """Which baskets are never bought because a message put the member off."""
        first, beyond = self._following(sent)
        count = beyond - first
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        basket = np.repeat(first, count) + within
        chance = world.chance("stays away", self.baskets.member[basket], self.baskets.day[basket])
        lost = np.zeros(len(self.baskets), dtype=np.bool_)
        lost[basket[chance < planted.SHARE_OF_SHOPS_LOST]] = True
        return lost

    def _following(self, sent: Contacts) -> tuple[Ints, Ints]:
        """Range of positions of the baskets in the days that each message works."""
        start = sent.member * (self.until + 1)
        first = np.searchsorted(self.keys, start + np.minimum(sent.day + 1, self.until))
        beyond = np.searchsorted(self.keys, start + np.minimum(sent.day + planted.EFFECT_DAYS, self.until))
        return first, beyond


def _trips(world: World, sent: Contacts) -> Baskets:
    """The shops that persuadables make because of their message, each with the item they came for."""
    chance = planted.trip_chance(world, sent.member, sent.offer)
    goes = sent.take(world.chance("goes", sent.member, sent.offer, sent.day) < chance)
    when = world.chance("goes when", goes.member, goes.offer, goes.day)
    after = np.searchsorted(planted.TRIP_BY_DAY, when)
    trip = 1 + after + planted.EFFECT_DAYS * goes.offer
    shopped = purchases.usual(world, goes.member, goes.day + after, trip=trip)
    return replace(shopped, item=planted.item(world, goes.member, goes.offer), offer=goes.offer)
