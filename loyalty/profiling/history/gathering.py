"""A block of purchase lines put into baskets, and summed for each group that the lines count in."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loyalty.profiling.history.index import EVERYTHING, MOST_AGE
from loyalty.profiling.history.paths import above, as_path, steps
from loyalty.profiling.history.records import Catalogue, Words
from loyalty.profiling.history.staging import Columns, narrow
from loyalty.profiling.sorting import changes, in_order, starts

LINE = ("group", "basket", "age", "net_e4", "product", "channel", "store")
ALIKE = ("basket", "channel", "store", "group")


@dataclass(frozen=True)
class IndexFacts:
    """What lines and events are about: n members, products, words; and the day before which they happened."""

    members: int
    catalogue: Catalogue
    words: Words
    on_day: int

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The category of each product."""
        return tuple(map(as_path, self.catalogue.categories))

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.paths)))

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """The categories that others are in."""
        return tuple(sorted({outer for leaf in self.leaves for outer in above(leaf)}))

    @cached_property
    def group_of(self) -> np.ndarray:
        """(p,) The group of each product's own category."""
        return codes(self.paths, self.leaves) + np.int32(EVERYTHING + 1)

    @property
    def last_group(self) -> int:
        return EVERYTHING + len(self.leaves) + len(self.inner)

    @cached_property
    def outer_groups(self) -> list[np.ndarray]:
        """For each depth, (p,) the group of the category at that depth which each product is in; 0 for none.

        They are groups of categories that others are in; products may be in one directly, too.
        """
        first = EVERYTHING + 1 + len(self.leaves)
        group = {path: first + code for code, path in enumerate(self.inner)}
        chains = [[group[path] for path in (*above(own), own) if path in group] for own in self.paths]
        depths = max(map(len, chains), default=0)
        return [
            np.array([(chain + [0] * depths)[depth] for chain in chains], dtype=np.int32) for depth in range(depths)
        ]

    @cached_property
    def rank_of(self) -> np.ndarray:
        """(p,) The place of each product in the order of categories, in which those of one category are together."""
        order = sorted(range(len(self.paths)), key=lambda product: (steps(self.paths[product]), product))
        return np.argsort(order)


def gathered(rows: Columns, known: IndexFacts) -> tuple[np.ndarray, Columns]:
    """Of some lines: the member of each basket, (b,), and what the baskets hold, group by group.

    Baskets have numbers from 0, by member, day and code.
    """
    number, member = _numbered(rows)
    what, kinds = _what(rows, known)
    if len(member) * kinds >= 2**63:
        order = np.lexsort((what, number))
    else:
        _, order = in_order(number * kinds + what)
    age = np.minimum(known.on_day - rows["day"], MOST_AGE)
    ordered = {name: column[order] for name, column in {**rows, "basket": number, "age": age}.items()}
    return member, _by_group(ordered, known)


def codes(values: tuple[str, ...], words: tuple[str, ...]) -> np.ndarray:
    """(p,) The place of each value among the words, in the smallest type for them."""
    code_of = {word: code for code, word in enumerate(words)}
    return np.array([code_of[value] for value in values], dtype=narrow(len(words), signed=True))


def _numbered(rows: Columns) -> tuple[np.ndarray, np.ndarray]:
    """The number of each line's basket, and the member of each basket."""
    first = starts(rows["member"], rows["day"], rows["basket"])  # the lines of a basket mostly stand together
    runs = {name: rows[name][first] for name in ("member", "day", "basket")}
    order = np.lexsort((runs["basket"], runs["day"], runs["member"]))
    runs = {name: column[order] for name, column in runs.items()}
    is_new = changes(*runs.values())
    number = np.empty(len(first), dtype=np.int64)
    number[order] = np.cumsum(is_new) - 1
    return np.repeat(number, np.diff(first, append=len(rows["member"]))), runs["member"][is_new]


def _what(rows: Columns, known: IndexFacts) -> tuple[np.ndarray, int]:
    """A number for the channel, store and product of each line, and how many such numbers there are."""
    what = rows["channel"].astype(np.int64) + 1
    rank = np.append(known.rank_of, -1)[rows["product"]]
    for column, words in ((rows["store"], known.words.stores), (rank, known.paths)):
        what = what * (len(words) + 1) + column + 1
    return what, (len(known.words.channels) + 1) * (len(known.words.stores) + 1) * (len(known.paths) + 1)


def _by_group(rows: Columns, known: IndexFacts) -> Columns:
    """What baskets hold: of everything, of the categories at each depth that others are in, and of each product."""
    everything = _summed({**rows, "group": np.zeros(len(rows["basket"]), dtype=np.int32)})
    found = [everything]
    for groups in (*known.outer_groups, known.group_of):
        group = np.append(groups, 0)[rows["product"]]
        inside = np.flatnonzero(group)
        kept = {name: column[inside] for name, column in {**rows, "group": group}.items()}
        found.append(_summed(kept, by_product=groups is known.group_of))
    return {name: np.concatenate([each[name] for each in found]) for name in LINE}


def _summed(rows: Columns, *, by_product: bool = False) -> Columns:
    """Neighbouring lines that are alike as one, with their amounts added up."""
    first = starts(*(rows[name] for name in ((*ALIKE, "product") if by_product else ALIKE)))
    net_e4 = np.add.reduceat(rows["net_e4"], first) if len(first) else rows["net_e4"]
    product = rows["product"][first] if by_product else np.full(len(first), -1)
    return {**{name: rows[name][first] for name in LINE}, "net_e4": net_e4, "product": product}
