"""Purchase lines gathered into baskets, visits and shopping days.

A *basket* is what one member bought under one basket code on one day: where a till gives out a code again, for
another member or on another day, it is another basket. A *visit* is a basket whose lines come to more than nothing,
so a basket of returns is not one, though its amounts count in spend. A *shopping day* is a day with a visit: two
baskets on one day are two visits, but no interval lies between them.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from loyalty.profiling.records import Lines
from loyalty.profiling.sorting import in_order, starts


@dataclass(frozen=True, eq=False)
class Baskets:
    """b baskets by member and then by day; each column is (b,).

    `member` is the position of the member, `basket` the code, `hour` that of the first line, `channel` the highest code
    of any line (-1 unknown), `lines` how many lines it has, and the amounts are what was paid and taken off.
    """

    member: np.ndarray
    day: np.ndarray
    basket: np.ndarray
    hour: np.ndarray
    channel: np.ndarray
    lines: np.ndarray
    net_e4: np.ndarray
    discount_e4: np.ndarray

    def __len__(self) -> int:
        return len(self.member)

    def where(self, chosen: np.ndarray) -> "Baskets":
        """The baskets under a (b,) mask or at an index."""
        if chosen.dtype == bool:
            if chosen.all():
                return self
            chosen = np.flatnonzero(chosen)  # far faster than a mask, for several columns
        return replace(self, **{column.name: getattr(self, column.name).take(chosen) for column in fields(self)})

    def visits(self) -> "Baskets":
        """The baskets that come to more than nothing."""
        return self.where(self.net_e4 > 0)

    def since(self, day: int) -> "Baskets":
        """The baskets of that day and later."""
        return self.where(self.day >= day)


@dataclass(frozen=True, eq=False)
class ShoppingDays:
    """Each member's days with a visit, by member and then by day.

    `member` and `day` are (s,); the days of member i are `day[start[i]:start[i + 1]]`, so `start` is (n + 1,).
    """

    member: np.ndarray
    day: np.ndarray
    start: np.ndarray

    @property
    def count(self) -> np.ndarray:
        """Shopping days per member, (n,)."""
        return np.diff(self.start)

    def nth(self, place: int) -> np.ndarray:
        """The first (0), second (1), … or last (-1) day per member, (n,) float64, NaN where there are not so many."""
        days = np.full(len(self.count), np.nan)
        at = self.start[1:] + place if place < 0 else self.start[:-1] + place
        there = (at >= self.start[:-1]) & (at < self.start[1:])
        days[there] = self.day[at[there]]
        return days


def gather(lines: Lines) -> Baskets:
    """The baskets of some lines of known members, in whatever order the lines are."""
    pieces = _pieces(lines)
    return _joined(pieces.where(_order(pieces))) if len(pieces) else pieces


def shopping_days(visits: Baskets, members: int) -> ShoppingDays:
    """The distinct days on which each of so many members made a visit."""
    first = starts(visits.member, visits.day)
    member, day = visits.member[first], visits.day[first]
    start = np.concatenate([[0], np.cumsum(np.bincount(member, minlength=members))])
    return ShoppingDays(member, day, start)


def _pieces(lines: Lines) -> Baskets:
    """Neighbouring lines of one basket, hour and channel, as one: mostly whole baskets already."""
    start = starts(lines.member, lines.day, lines.basket, lines.hour, lines.channel)
    return Baskets(
        member=lines.member[start],
        day=lines.day[start],
        basket=lines.basket[start],
        hour=lines.hour[start],
        channel=lines.channel[start],
        lines=np.diff(start, append=len(lines)),
        net_e4=_sums(lines.net_e4, start),
        discount_e4=_sums(lines.discount_e4, start),
    )


def _joined(pieces: Baskets) -> Baskets:
    """Neighbouring pieces of one basket as one."""
    start = starts(pieces.member, pieces.day, pieces.basket)
    if len(start) == len(pieces):
        return pieces
    return replace(
        pieces.where(start),
        hour=np.minimum.reduceat(pieces.hour, start),
        channel=np.maximum.reduceat(pieces.channel, start),
        lines=_sums(pieces.lines, start),
        net_e4=_sums(pieces.net_e4, start),
        discount_e4=_sums(pieces.discount_e4, start),
    )


def _order(pieces: Baskets) -> np.ndarray:
    """By member, day and basket code, (b,) positions. Codes are compared only where a member has several on a day."""
    earliest = int(pieces.day.min())
    span = int(pieces.day.max()) - earliest + 1
    key, order = in_order(pieces.member.astype(np.int64) * span + (pieces.day - earliest))
    same = np.diff(key) == 0
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    among = order[tied]
    order[tied] = among[np.lexsort((pieces.basket[among], key[tied]))]
    return order


def _sums(amounts: np.ndarray, start: np.ndarray) -> np.ndarray:
    return np.add.reduceat(amounts, start) if len(start) else amounts[:0]
