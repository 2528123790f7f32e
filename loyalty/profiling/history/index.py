"""The columns of the purchase and event index, which are memory-mapped, and the words behind their codes.

Lines lie in groups, and within a group by basket; baskets are numbered by member, then day, then basket code. So all
that a question touches is some stretches of the columns, each in the order of the members.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

MOST_AGE = np.iinfo(np.uint16).max  # older is as old: no question looks back so far
EVERYTHING = 0  # the group of all lines, whatever their product
BASKETS_AT_ONCE = 2**19


@dataclass(frozen=True, eq=False)
class Purchases:
    """Purchases of n members as l lines in b baskets.

    `member` (b,) is the row of each basket's member, ascending. Group g is the lines `start[g]` to `start[g + 1]`,
    `start` is (g + 1,). Group 0 is everything; then come the categories of products, and then those that other
    categories are in. A line is all that a basket has of its group on one channel, in one store, and in the categories
    of products of one product. A line is what was paid net of returns, so of (l,): `basket`, `age` in days,
    1 for the day before, `net_e4` in ten-thousandths, and codes of `product`, `channel` and `store`, -1 for none.
    `group_of` and `brand_of` (p,) are the group of each product's category and the code of its brand.
    """

    member: np.ndarray
    start: np.ndarray
    basket: np.ndarray
    age: np.ndarray
    net_e4: np.ndarray
    product: np.ndarray
    channel: np.ndarray
    store: np.ndarray
    group_of: np.ndarray
    brand_of: np.ndarray

    @cached_property
    def cuts(self) -> np.ndarray:
        """Numbers of baskets at which one may stop and another begin, from 0 to b: no member is on both sides."""
        wanted = self.member[np.arange(0, len(self.member), BASKETS_AT_ONCE)]
        found = np.searchsorted(self.member, wanted)
        return np.append(np.unique(found), len(self.member)).astype(self.basket.dtype)

    def cuts_within(self, first: int, end: int) -> np.ndarray:
        """The cuts from the first basket of the member in a row to that of another."""
        rows = np.array([first, end], dtype=self.member.dtype)
        low, high = np.searchsorted(self.member, rows).astype(self.basket.dtype)
        return np.unique(np.clip(self.cuts, low, high))


@dataclass(frozen=True, eq=False)
class Happenings:
    """Events of n members: kind k is the events `start[k]` to `start[k + 1]`, by member, each with `age` and `channel`.

    `member`, `age` in days and `channel`, a code or -1, are (e,); `start` is (kinds + 1,).
    """

    start: np.ndarray
    member: np.ndarray
    age: np.ndarray
    channel: np.ndarray


@dataclass(frozen=True, eq=False)
class History:
    """What some members bought and did.

    `members` is how many the index is of; `rows` says which of them these are, where they are not all. `words` are the
    vocabularies by their `names`; `leaves` are the categories of products
    and `inner` those that others are in, in the order of their groups; `brands` are those of products, "" for none.
    `stale` says of each feed that has been silent for too long why nothing may rest on it.
    """

    members: int
    purchases: Purchases
    happenings: Happenings
    leaves: tuple[str, ...]
    inner: tuple[str, ...]
    brands: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    rows: np.ndarray | None = None
    stale: Mapping[str, str] = field(default_factory=dict)

    def take(self, index: np.ndarray) -> "History":
        """The same of the members at an index or under a mask, as for profiles."""
        rows = np.flatnonzero(index) if index.dtype == bool else index
        return replace(self, rows=rows if self.rows is None else self.rows[rows])

    @property
    def span(self) -> tuple[int, int]:
        """The first row of these members, of whom there is one at least, and the one after the last."""
        return (0, self.members) if self.rows is None else (int(self.rows[0]), int(self.rows[-1]) + 1)

    def row(self, position: int) -> int:
        """The row of the index in which the member at a position is."""
        return position if self.rows is None else int(self.rows[position])
