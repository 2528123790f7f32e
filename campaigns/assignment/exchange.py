"""Uses up the remains of the limits: one member takes an offer, another leaves it, and the whole earns more."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Limits, taken

CANDIDATES = 64
SWEEPS = 3
SWAPS = 20
LEAST_GAIN = 1e-6

Array = NDArray[np.float64]
Members = NDArray[np.intp]


@dataclass(frozen=True)
class Board:
    """What stays as it is while members change places, all (n, k).

    `values` and `reduced`, value less charge, are -inf where an offer may not be given; `margin` is how much better
    each offer is than the member's best other one.
    """

    values: Array
    reduced: Array
    margin: Array
    use: Array
    limits: Limits


@dataclass(frozen=True)
class Swap:
    """Member `entering` gets the offer; member `leaving`, unless -1, turns to another offer, or to nothing at -1."""

    entering: int
    leaving: int
    turning_to: int


def exchanged(board: Board, offer: Members) -> Members:
    """The offers (n,), -1 for nothing, after the exchanges that pay; the limits hold as before."""
    places = _Places(board, offer.copy())
    for _ in range(SWEEPS):
        if not sum(places.swap_on(j) for j in range(board.values.shape[1])):
            break
    return places.offer


class _Places:
    """Who has what at the moment, and what that leaves."""

    def __init__(self, board: Board, offer: Members) -> None:
        self.board, self.offer = board, offer
        self.gained = _at(board.reduced, np.arange(len(offer)), offer)
        self.left = board.limits.less(taken(offer, board.use))

    def swap_on(self, j: int) -> int:
        """Make the swaps on offer j that pay, the best first, and say how many."""
        for made in range(SWAPS):
            swap = self._best_swap(j)
            if swap is None:
                return made
            self._move(swap.entering, j)
            if swap.leaving >= 0:
                self._move(swap.leaving, swap.turning_to)
        return SWAPS

    def _move(self, member: int, to: int) -> None:
        one = np.array([member])
        before, after = (taken(offer, self.board.use[one]) for offer in (self.offer[one], np.array([to])))
        self.left = self.left.less(after).less(before.scaled(-1.0))
        self.offer[member] = to
        self.gained[member] = _at(self.board.reduced, one, np.array([to]))[0]

    def _best_swap(self, j: int) -> Swap | None:
        entering, leaving = self._entering(j), self._leaving(j)
        if not entering.size:
            return None
        turning_to = self._next_best(leaving, j)
        gain = self._gain(j, entering, leaving, turning_to)
        row, column = np.unravel_index(gain.argmax(), gain.shape)
        if not gain[row, column] > LEAST_GAIN * self.board.values[entering[row], j]:
            return None
        return Swap(int(entering[row]), int(leaving[column]), int(turning_to[column]))

    def _entering(self, j: int) -> Members:
        """Those without offer j who lose least, at the settled prices, by getting it."""
        loss = np.where(self.offer == j, np.inf, self.gained - self.board.reduced[:, j])
        return _least(loss, np.arange(len(loss)))

    def _leaving(self, j: int) -> Members:
        """Those with offer j who lose least by leaving it, and -1 for nobody."""
        having = np.flatnonzero(self.offer == j)
        return np.append(_least(self.board.margin[having, j], having), -1)

    def _next_best(self, leaving: Members, j: int) -> Members:
        """The best offer other than j with room for each who leaves, -1 for nothing."""
        room = (self.left.count >= 1) & (self.board.use[leaving] <= self.left.money)
        room[:, j] = False
        possible = np.where(room, self.board.values[leaving], -np.inf)
        best = possible.argmax(axis=1)
        return np.where(np.isfinite(possible.max(axis=1)) & (leaving >= 0), best, -1)

    def _gain(self, j: int, entering: Members, leaving: Members, turning_to: Members) -> Array:
        """What each pair (entering, leaving) would earn, -inf where a limit forbids it."""
        values, use, left = self.board.values, self.board.use, self.left
        now, somebody = self.offer[entering], leaving >= 0
        given_up = np.where(somebody, values[leaving, j], 0.0) - _at(values, leaving, turning_to)
        gain = (values[entering, j] - _at(values, entering, now))[:, None] - given_up
        money = use[entering, j][:, None] - np.where(somebody, use[leaving, j], 0.0)
        total = money - _at(use, entering, now)[:, None] + _at(use, leaving, turning_to)
        contacts = np.where(now < 0, 1, 0)[:, None] - np.where(somebody & (turning_to < 0), 1, 0)
        fits = (money <= left.money[j]) & (total <= left.total) & (contacts <= left.contacts)
        return np.where(fits & (somebody | (left.count[j] >= 1)), gain, -np.inf)


def _least(loss: Array, members: Members) -> Members:
    """The members of the least losses, as many as are looked at, none with an infinite loss."""
    if len(members) > CANDIDATES:
        nearest = np.argpartition(loss, CANDIDATES)[:CANDIDATES]
        loss, members = loss[nearest], members[nearest]
    return members[np.isfinite(loss)]


def _at(matrix: Array, members: Members, offer: Members) -> Array:
    return np.where(offer >= 0, matrix[members, offer], 0.0)
