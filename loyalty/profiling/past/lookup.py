"""Who bought what a condition asks for, from the stretches of the index that can know."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import Bought
from loyalty.profiling.cores import share
from loyalty.profiling.history.index import History, Purchases
from loyalty.profiling.past.asking import LineFilter, filter_of
from loyalty.profiling.scanning import Test
from loyalty.profiling.sorting import starts

MOST_ALONE = 4
FEW = 16  # members who are looked up one by one, though they are some of many


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
    purchases, asked = history.purchases, filter_of(rule, history)
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
    purchases, asked = history.purchases, filter_of(rule, history)
    cuts = purchases.cuts_within(row, row + 1)[[0, -1]]
    sums = _sums(purchases, asked, _bounds(purchases, asked, cuts), cuts)
    return int((sums.net_e4 > 0).sum()) if rule.times is not None else int(sums.net_e4.sum())


def meets(rule: Bought, found: int) -> bool:
    return found >= (rule.amount_e4 if rule.times is None else rule.times)  # type: ignore[operator]


def _bounds(purchases: Purchases, asked: LineFilter, cuts: np.ndarray) -> np.ndarray:
    """(groups, cuts) The lines at which the baskets of each cut begin in each group."""
    ends = [purchases.start[group : group + 2].tolist() for group in asked.groups]
    bounds = [first + np.searchsorted(purchases.basket[first:end], cuts) for first, end in ends]
    return np.array(bounds).reshape(len(asked.groups), len(cuts))


def _sums(purchases: Purchases, asked: LineFilter, bounds: np.ndarray, cuts: np.ndarray) -> Sums:
    """The baskets between two cuts, from each group's lines between its two bounds."""
    stretches = zip(bounds.tolist(), asked.groups.values(), strict=True)
    pieces = [_piece(purchases, asked, slice(*ends), products) for ends, products in stretches]
    if len(pieces) == 1:
        return pieces[0]
    first, end = cuts.tolist()
    totals = np.zeros(end - first, dtype=np.int64)
    for piece in pieces:
        totals[piece.basket - cuts[0]] += piece.net_e4
    at = np.flatnonzero(totals)
    return Sums(at + first, totals[at])


def _piece(purchases: Purchases, asked: LineFilter, lines: slice, products: Test | None) -> Sums:
    basket, net_e4 = purchases.basket[lines], purchases.net_e4[lines]
    counted = _counted(purchases, asked, lines, products)
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


def _counted(purchases: Purchases, asked: LineFilter, lines: slice, products: Test | None) -> np.ndarray | None:
    """Which of the lines count, None for all of them."""
    tests = []
    if asked.days is not None:
        tests.append(purchases.age[lines] <= asked.days)
    if asked.channel >= 0:
        tests.append(purchases.channel[lines] == asked.channel)
    if asked.store >= 0:
        tests.append(purchases.store[lines] == asked.store)
    if products is not None:
        tests.append(products(lines))
    return np.asarray(reduce(np.logical_and, tests)) if tests else None


def _meeting(rule: Bought, purchases: Purchases, sums: Sums) -> np.ndarray:
    """The rows of the members whose baskets are enough."""
    if rule.times is not None:
        return often(purchases.member[sums.basket[sums.net_e4 > 0]], rule.times)
    member: np.ndarray = purchases.member[sums.basket]
    if not len(member):
        return member
    first = starts(member)
    enough = np.add.reduceat(sums.net_e4, first) >= rule.amount_e4
    return np.asarray(member[first[enough]])


def often(member: np.ndarray, times: int) -> np.ndarray:
    """Who is there so many times at least, in (m,) members that ascend; each once or more."""
    last = member[times - 1 :]
    return np.asarray(last[last == member[: len(last)]])
