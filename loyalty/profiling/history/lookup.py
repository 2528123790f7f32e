"""Who bought or did what a condition asks for, from the stretches of the index that can know."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from loyalty.profiling import runs
from loyalty.profiling.bitset import Bitset
from loyalty.profiling.bought import CHANNEL, PRODUCT, STORE
from loyalty.profiling.conditions import Bought, Happened, RuleError
from loyalty.profiling.cores import share
from loyalty.profiling.happened import CHANNEL as EVENT_CHANNEL
from loyalty.profiling.happened import EVENT
from loyalty.profiling.history.index import EVERYTHING, History, Purchases
from loyalty.profiling.history.paths import outermost
from loyalty.profiling.scanning import Test

MEMBERS_AT_ONCE = 2**17
MOST_ALONE = 4
FEW = 16  # members who are looked up one by one, though they are some of many


@dataclass(frozen=True, eq=False)
class Asked:
    """What lines count: the groups to look in, a test of their products where not all count, and codes, -1 for any."""

    groups: np.ndarray
    products: Test | None
    days: int | None
    channel: int
    store: int


@dataclass(frozen=True, eq=False)
class Sums:
    """What the lines that count come to, by basket: (m,) numbers of baskets, ascending, and amounts."""

    basket: np.ndarray
    net_e4: np.ndarray


def buyers(rule: Bought, history: History) -> Bitset:
    """The members who bought what the condition asks for.

    A basket counts where the lines that count come to more than nothing, so a return counts in the basket it is in;
    in an amount every return does.
    """
    if history.rows is not None and len(history.rows) <= FEW:
        return Bitset.of_mask(np.array([meets(rule, bought(rule, history, row)) for row in history.rows], dtype=bool))
    purchases, asked = history.purchases, _asked(rule, history)
    inside = np.zeros(history.members, dtype=bool)
    cuts = purchases.cuts_within(*history.span)
    bounds = _bounds(purchases, asked, cuts)

    def look(part: int) -> None:
        sums = _sums(purchases, asked, bounds[:, part : part + 2], cuts[part : part + 2])
        inside[_meeting(rule, purchases, sums)] = True

    share(look, range(len(cuts) - 1))
    return Bitset.of_mask(inside if history.rows is None else inside[history.rows])


def bought(rule: Bought, history: History, row: int) -> int:
    """Of the member in a row of the index: in how many baskets, or else for how much in ten-thousandths."""
    purchases, asked = history.purchases, _asked(rule, history)
    cuts = purchases.cuts_within(row, row + 1)[[0, -1]]
    sums = _sums(purchases, asked, _bounds(purchases, asked, cuts), cuts)
    return int((sums.net_e4 > 0).sum()) if rule.times is not None else int(sums.net_e4.sum())


def meets(rule: Bought, found: int) -> bool:
    return found >= (rule.amount_e4 if rule.times is None else rule.times)  # type: ignore[operator]


def doers(rule: Happened, history: History) -> Bitset:
    """The members of whom there are so many events as the condition asks for."""
    if history.rows is not None and len(history.rows) <= FEW:
        return Bitset.of_mask(
            np.array([happened(rule, history, row) >= rule.times for row in history.rows], dtype=bool)
        )
    first, end = history.span
    bounds = _event_bounds(rule, history, np.append(np.arange(first, end, MEMBERS_AT_ONCE), end))
    inside = np.zeros(history.members, dtype=bool)

    def look(part: int) -> None:
        inside[often(_events(rule, history, slice(bounds[part], bounds[part + 1])), rule.times)] = True

    share(look, range(len(bounds) - 1))
    return Bitset.of_mask(inside if history.rows is None else inside[history.rows])


def happened(rule: Happened, history: History, row: int) -> int:
    """How many events there are of the member in a row of the index."""
    first, end = _event_bounds(rule, history, np.array([row, row + 1]))
    return len(_events(rule, history, slice(first, end)))


def _event_bounds(rule: Happened, history: History, rows: np.ndarray) -> list[int]:
    """The events at which those of the members in these rows begin."""
    kind = code_of(rule.event, history.words[EVENT])
    first, end = history.happenings.start[kind : kind + 2].tolist()
    member = history.happenings.member[first:end]
    return (first + np.searchsorted(member, rows.astype(member.dtype))).tolist()  # type: ignore[no-any-return]


def _events(rule: Happened, history: History, rows: slice) -> np.ndarray:
    """The members of those events that count."""
    happenings, tests = history.happenings, []
    if rule.days is not None:
        tests.append(happenings.age[rows] <= rule.days)
    if rule.channel:
        tests.append(happenings.channel[rows] == code_of(rule.channel, history.words[EVENT_CHANNEL]))
    member = happenings.member[rows]
    return member[np.flatnonzero(reduce(np.logical_and, tests))] if tests else member


def _asked(rule: Bought, history: History) -> Asked:
    groups, products = _where(rule, history)
    return Asked(
        groups=groups,
        products=products,
        days=rule.days,
        channel=code_of(rule.channel, history.words[CHANNEL]),
        store=code_of(rule.store, history.words[STORE]),
    )


def _where(rule: Bought, history: History) -> tuple[np.ndarray, Test | None]:
    """The groups that hold what is named, and the test of their products, None where all count."""
    purchases = history.purchases
    if rule.goods == "anything":
        return np.array([EVERYTHING]), None
    if rule.goods == "category":
        return np.array([_group(path, history) for path in outermost(rule.named)]), None
    if rule.goods == "brand":
        brands = [code_of(brand, history.brands) for brand in rule.named]
        products = np.flatnonzero(np.isin(purchases.brand_of, brands)).tolist()
    else:
        products = [code_of(ref, history.words[PRODUCT]) for ref in rule.named]
    is_wanted = runs.test(purchases.product, runs.joined((product, product) for product in products))
    return np.unique(purchases.group_of[products]), is_wanted


def _group(category: str, history: History) -> int:
    if category in history.inner:
        return EVERYTHING + 1 + len(history.leaves) + history.inner.index(category)
    return EVERYTHING + 1 + code_of(category, history.leaves)


def code_of(word: str, words: tuple[str, ...]) -> int:
    """The code of a word, -1 where none is asked for; RuleError for one that is gone."""
    if word and word not in words:
        raise RuleError(f"“{word}” is not in these profiles any more: choose another one.")
    return words.index(word) if word else -1


def _bounds(purchases: Purchases, asked: Asked, cuts: np.ndarray) -> np.ndarray:
    """(groups, cuts) The lines at which the baskets of each cut begin in each group."""
    starts = purchases.start
    bounds = [first + np.searchsorted(purchases.basket[first:end], cuts) for first, end in _of(asked.groups, starts)]
    return np.array(bounds).reshape(len(asked.groups), len(cuts))


def _of(groups: np.ndarray, starts: np.ndarray) -> Sequence[tuple[int, int]]:
    return [(int(starts[group]), int(starts[group + 1])) for group in groups]


def _sums(purchases: Purchases, asked: Asked, bounds: np.ndarray, cuts: np.ndarray) -> Sums:
    """The baskets between two cuts, from each group's lines between its two bounds."""
    pieces = [_piece(purchases, asked, slice(first, end)) for first, end in bounds.tolist() if end > first]
    if len(pieces) == 1:
        return pieces[0]
    first, end = cuts.tolist()
    totals = np.zeros(end - first, dtype=np.int64)
    for piece in pieces:
        totals[piece.basket - cuts[0]] += piece.net_e4
    at = np.flatnonzero(totals)
    return Sums(at + first, totals[at])


def _piece(purchases: Purchases, asked: Asked, lines: slice) -> Sums:
    basket, net_e4 = purchases.basket[lines], purchases.net_e4[lines]
    counted = _counted(purchases, asked, lines)
    if counted is not None:
        at = np.flatnonzero(counted)
        basket, net_e4 = basket[at], net_e4[at]
    if not len(basket):
        return Sums(basket, net_e4)
    is_first = np.append(True, basket[1:] != basket[:-1])
    first, more = np.flatnonzero(is_first), np.flatnonzero(~is_first)
    return Sums(basket[first], _run_sums(net_e4, first, more))


def _run_sums(net_e4: np.ndarray, first: np.ndarray, more: np.ndarray) -> np.ndarray:
    """The sums of runs that begin at `first`; most are one line alone, which is far faster than to sum them all."""
    if len(more) > len(first) // MOST_ALONE:
        return np.asarray(np.add.reduceat(net_e4, first, dtype=np.int64))
    sums: np.ndarray = net_e4[first].astype(np.int64)
    np.add.at(sums, np.searchsorted(first, more) - 1, net_e4[more])
    return sums


def _counted(purchases: Purchases, asked: Asked, lines: slice) -> np.ndarray | None:
    """Which of the lines count, None for all of them."""
    tests = []
    if asked.days is not None:
        tests.append(purchases.age[lines] <= asked.days)
    if asked.channel >= 0:
        tests.append(purchases.channel[lines] == asked.channel)
    if asked.store >= 0:
        tests.append(purchases.store[lines] == asked.store)
    if asked.products is not None:
        tests.append(asked.products(lines))
    return np.asarray(reduce(np.logical_and, tests)) if tests else None


def _meeting(rule: Bought, purchases: Purchases, sums: Sums) -> np.ndarray:
    """The rows of the members whose baskets are enough."""
    if rule.times is not None:
        return often(purchases.member[sums.basket[sums.net_e4 > 0]], rule.times)
    member: np.ndarray = purchases.member[sums.basket]
    if not len(member):
        return member
    first = _starts(member)
    enough = np.add.reduceat(sums.net_e4, first) >= rule.amount_e4
    return np.asarray(member[first[enough]])


def often(member: np.ndarray, times: int) -> np.ndarray:
    """Who is there so many times at least, in (m,) members that ascend; each once or more."""
    last = member[times - 1 :]
    return np.asarray(last[last == member[: len(last)]])


def _starts(column: np.ndarray) -> np.ndarray:
    """The positions at which a column, which has any, has another value than before."""
    return np.flatnonzero(np.append(True, column[1:] != column[:-1]))
