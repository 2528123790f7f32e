"""Uses up the remains of the limits: one member takes an offer, another leaves it, and the whole earns more."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.fill import open_to
from campaigns.assignment.given import Offers, given, pairs
from campaigns.assignment.limits import Limits
from campaigns.assignment.rows import Rows

CANDIDATES = 64
SWEEPS = 3
SWAPS = 20
LEAST_GAIN = 1e-6

Array = NDArray[np.float64]
Members = NDArray[np.intp]


@dataclass(frozen=True)
class Board:
    """What stays as it is while members change places: the rows, value less charge (n, k), by how much each offer is
    better than what would be there in its stead (n, k), and the limits."""

    rows: Rows
    reduced: Array
    margin: Array
    limits: Limits


@dataclass(frozen=True)
class Swap:
    """Member `entering` gets the offer for `leaving_it`, -1 for nothing; member `leaving`, unless -1, turns from it to
    another offer, or to nothing at -1."""

    entering: int
    giving_up: int
    leaving: int
    turning_to: int


def exchanged(board: Board, offer: Offers) -> Offers:
    """The offers (n, each), -1 for nothing, after the exchanges that pay; the limits hold as before."""
    places = _Places(board, offer)
    for _ in range(SWEEPS):
        if not sum(places.swap_on(j) for j in range(board.reduced.shape[1])):
            break
    return places.offer


class _Places:
    """Who has what at the moment, and what that leaves."""

    def __init__(self, board: Board, offer: Offers) -> None:
        self.board, self.offer = board, offer.copy()
        self.left = board.limits.less(given(offer, board.rows).taken(board.limits))

    def swap_on(self, j: int) -> int:
        """Make the swaps on offer j that pay, the best first, and say how many."""
        for made in range(SWAPS):
            swap = self._best_swap(j)
            if swap is None:
                return made
            self._move(swap.entering, swap.giving_up, j)
            if swap.leaving >= 0:
                self._move(swap.leaving, j, swap.turning_to)
        return SWAPS

    def _move(self, member: int, before: int, after: int) -> None:
        rows, limits = self.board.rows, self.board.limits
        for offer, sign in ((after, 1.0), (before, -1.0)):
            if offer >= 0:
                self.left = self.left.less(
                    pairs(np.array([member]), np.array([offer]), rows).taken(limits).scaled(sign)
                )
        place = int(np.argmax(self.offer[member] == before))
        self.offer[member, place] = after

    def _best_swap(self, j: int) -> Swap | None:
        entering, giving_up = self._entering(j)
        if not entering.size:
            return None
        leaving = self._leaving(j)
        turning_to = self._next_best(leaving, j)
        gain = self._gain(j, entering, giving_up, leaving, turning_to)
        row, column = np.unravel_index(gain.argmax(), gain.shape)
        if not gain[row, column] > LEAST_GAIN * abs(self.board.rows.value[entering[row], j]):
            return None
        return Swap(int(entering[row]), int(giving_up[row]), int(leaving[column]), int(turning_to[column]))

    def _entering(self, j: int) -> tuple[Members, Members]:
        """Those without offer j who lose least, at the settled prices, by getting it, and what they give up for it."""
        members = np.flatnonzero(~(self.offer == j).any(axis=1) & (self.board.rows.most > 0))
        gives_up = self._in_the_way(members, j)
        loss = _at(self.board.reduced, members, gives_up) - self.board.reduced[members, j]
        nearest = _least(loss)
        return members[nearest], gives_up[nearest]

    def _in_the_way(self, members: Members, j: int) -> Members:
        """What each gives up for j: the one of its category, else their least if no place is free, else -1."""
        rows, held = self.board.rows, self.offer[members]
        worth = np.where(held >= 0, self.board.reduced[members[:, None], held], np.inf)
        is_mate = (held >= 0) & (rows.category[held] == rows.category[j])
        is_full = (held >= 0).sum(axis=1) >= rows.most[members]
        least = np.where(is_full, held[np.arange(len(held)), worth.argmin(axis=1)], -1)
        mate = held[np.arange(len(held)), is_mate.argmax(axis=1)]
        return np.where(is_mate.any(axis=1), mate, least).astype(np.intp)

    def _leaving(self, j: int) -> Members:
        """Those with offer j who lose least by leaving it, and -1 for nobody."""
        having = np.flatnonzero((self.offer == j).any(axis=1))
        return np.append(having[_least(self.board.margin[having, j])], -1)

    def _next_best(self, leaving: Members, j: int) -> Members:
        """The best offer other than j with room for each who leaves, -1 for nothing."""
        rows, left, held = self.board.rows, self.left, self.offer[leaving]
        has_room = (left.count >= 1) & (rows.use[leaving] <= left.money) & (rows.worth[leaving] > 0)
        has_room[:, j] = False
        possible = open_to(np.where(held == j, np.int16(-1), held), rows.value[leaving], rows.category)
        possible[~has_room] = -np.inf
        best = possible.argmax(axis=1)
        return np.where(np.isfinite(possible.max(axis=1)) & (leaving >= 0), best, -1)

    def _gain(self, j: int, entering: Members, giving_up: Members, leaving: Members, turning_to: Members) -> Array:
        """What each pair (entering, leaving) would earn, -inf where a limit forbids it."""
        values, use, left = self.board.rows.value, self.board.rows.use, self.left
        somebody = leaving >= 0
        lost = np.where(somebody, values[leaving, j], 0.0) - _at(values, leaving, turning_to)
        gain = (values[entering, j] - _at(values, entering, giving_up))[:, None] - lost
        money = use[entering, j][:, None] - np.where(somebody, use[leaving, j], 0.0)
        total = money - _at(use, entering, giving_up)[:, None] + _at(use, leaving, turning_to)
        contacts = np.where(giving_up < 0, 1, 0)[:, None] - np.where(somebody & (turning_to < 0), 1, 0)
        fits = (money <= left.money[j]) & (total <= left.total) & (contacts <= left.contacts)
        fits &= somebody | (left.count[j] >= 1)
        fits &= self._can_do_without(giving_up)[:, None]
        fits &= self._is_carried(j, entering, giving_up, leaving, turning_to)
        return np.where(fits, gain, -np.inf)

    def _can_do_without(self, offers: Members) -> NDArray[np.bool_]:
        """Whether one of each offer less still makes up its minimum volume."""
        is_spare = (self.left.least[offers] <= -1) | (self.board.limits.least[offers] == 0)
        return np.asarray((offers < 0) | is_spare)

    def _is_carried(
        self, j: int, entering: Members, giving_up: Members, leaving: Members, turning_to: Members
    ) -> NDArray[np.bool_]:
        """Whether the channels can carry what each pair (entering, leaving) would have."""
        rows, fits = self.board.rows, np.ones((len(entering), len(leaving)), dtype=bool)
        if rows.channel is None:
            return fits
        for channel, left in enumerate(self.left.capacity):
            is_it = rows.channel == channel
            more = is_it[entering, j].astype(int) - ((giving_up >= 0) & is_it[entering, giving_up])
            less = ((leaving >= 0) & is_it[leaving, j]).astype(int) - ((turning_to >= 0) & is_it[leaving, turning_to])
            net = more[:, None] - less
            fits &= np.asarray((net <= left) | (net <= 0))
        return fits


def _least(loss: Array) -> Members:
    """Where the least losses are, as many as are looked at, none of them infinite."""
    nearest = np.argpartition(loss, CANDIDATES)[:CANDIDATES] if len(loss) > CANDIDATES else np.arange(len(loss))
    return nearest[np.isfinite(loss[nearest])]


def _at(matrix: Array, members: Members, offer: Members) -> Array:
    return np.where(offer >= 0, matrix[members, offer], 0.0)
