"""Purchase lines gathered into baskets, visits and shopping days.

A *basket* is what one member bought under one basket code on one day: where a till gives out a code again, for
another member or on another day, it is another basket. A *visit* is a basket whose lines come to more than nothing,
so a basket of returns is not one, though its amounts count in spend. A *shopping day* is a day with a visit: two
baskets on one day are two visits, but no interval lies between them.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa

from loyalty.profiling.records import Lines


@dataclass(frozen=True, eq=False)
class Baskets:
    """b baskets: position of the member, day, channel (-1 unknown), and what was paid and taken off; each (b,)."""

    member: np.ndarray
    day: np.ndarray
    channel: np.ndarray
    net_e4: np.ndarray
    discount_e4: np.ndarray

    def where(self, chosen: np.ndarray) -> "Baskets":
        """The baskets under a (b,) mask."""
        return replace(self, **{column.name: getattr(self, column.name)[chosen] for column in fields(self)})

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

    def first(self) -> np.ndarray:
        """The first shopping day per member, (n,) float64, NaN for a member with none."""
        return self._edge(self.start[:-1])

    def last(self) -> np.ndarray:
        """The last shopping day per member, (n,) float64, NaN for a member with none."""
        return self._edge(self.start[1:] - 1)

    def _edge(self, at: np.ndarray) -> np.ndarray:
        days = np.full(len(at), np.nan)
        shopped = self.count > 0
        days[shopped] = self.day[at[shopped]]
        return days


def gather(lines: Lines) -> Baskets:
    """The baskets of some lines of known members; the order of the lines does not matter to any sum made of them.

    Where the lines of a basket name several channels, the one with the highest code is the basket's.
    """
    if not len(lines):
        return Baskets(lines.member, lines.day, lines.channel, lines.net_e4, lines.discount_e4)
    basket = _basket_codes(lines)
    total = int(basket.max()) + 1
    channel = np.full(total, -1, dtype=lines.channel.dtype)
    np.maximum.at(channel, basket, lines.channel)
    return Baskets(
        member=_one_of_each(basket, lines.member, total),
        day=_one_of_each(basket, lines.day, total),
        channel=channel,
        net_e4=_exact_sums(basket, lines.net_e4, total),
        discount_e4=_exact_sums(basket, lines.discount_e4, total),
    )


def shopping_days(visits: Baskets, members: int) -> ShoppingDays:
    """The distinct days on which each of so many members made a visit."""
    if not len(visits.day):
        nothing = np.zeros(0, dtype=np.int64)
        return ShoppingDays(nothing, nothing, np.zeros(members + 1, dtype=np.int64))
    earliest = int(visits.day.min())
    span = int(visits.day.max()) - earliest + 1
    # Sorted and thinned by hand: numpy's own unique goes through a hash table, forty times slower on such keys.
    ordered = np.sort(visits.member.astype(np.int64) * span + (visits.day - earliest))
    member, day = np.divmod(ordered[np.diff(ordered, prepend=-1) > 0], span)
    start = np.searchsorted(member, np.arange(members + 1))
    return ShoppingDays(member, day + earliest, start)


def _basket_codes(lines: Lines) -> np.ndarray:
    """Basket codes from 0 without gaps, each within one member and one day."""
    codes = _dense(lines.basket)
    if _agree(codes, lines.member) and _agree(codes, lines.day):
        return codes
    codes = _dense(codes * (int(lines.member.max()) + 1) + lines.member)
    earliest = int(lines.day.min())
    return _dense(codes * (int(lines.day.max()) - earliest + 1) + (lines.day - earliest))


def _dense(codes: np.ndarray) -> np.ndarray:
    """The same codes, numbered from 0 as they first occur."""
    wide = np.ascontiguousarray(codes, dtype=np.int64)
    # From buffers and back without a copy: pa.array and to_numpy import pandas where it is installed, for seconds.
    encoded = pa.Array.from_buffers(pa.int64(), len(wide), [None, pa.py_buffer(wide)]).dictionary_encode()
    return np.from_dlpack(encoded.indices).astype(np.int64)


def _agree(basket: np.ndarray, values: np.ndarray) -> bool:
    return np.array_equal(_one_of_each(basket, values, int(basket.max()) + 1)[basket], values)


def _one_of_each(basket: np.ndarray, values: np.ndarray, total: int) -> np.ndarray:
    chosen = np.zeros(total, dtype=values.dtype)
    chosen[basket] = values
    return chosen


def _exact_sums(basket: np.ndarray, amounts: np.ndarray, total: int) -> np.ndarray:
    """Whole sums: bincount adds in float64, which is exact for whole numbers under 2**53 (9e11 currency units)."""
    return np.bincount(basket, weights=amounts, minlength=total).astype(np.int64)
