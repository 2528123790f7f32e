"""What one run decided by chance, and what came of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import history
from campaigns.scoring.affinity import affinities
from campaigns.scoring.basis import Basis
from campaigns.scoring.draws import Draws
from campaigns.scoring.history import HELD_OUT, History
from loyalty.profiling.table import Profiles, day_number
from offers.rules.terms import TermsTable

MEMBERS_AT_ONCE = 100_000


@dataclass(frozen=True, eq=False)
class Past:
    """The m decisions of a run that chance made, by member ids ascending, with what was known of the members that day.

    `offer`, `design` and `chances` are as in `Draws`, `redeemed` and `margin` as in `History`; `everyone` is what was
    known on the day of the run or a little earlier, never later, and `rows` (m,) says where these members are in it.
    """

    run: int
    day: dt.date
    until: dt.datetime
    offer: NDArray[np.int32]
    design: NDArray[np.int32]
    chances: NDArray[np.float64]
    redeemed: NDArray[np.bool_]
    margin: NDArray[np.float64]
    everyone: Profiles
    rows: NDArray[np.intp]
    terms: TermsTable

    def __len__(self) -> int:
        return len(self.offer)

    def take(self, rows: Any) -> "Past":
        """The decisions at an ascending index, in a slice or under a mask."""
        columns = {name: getattr(self, name)[rows] for name in ("offer", "design", "redeemed", "margin", "rows")}
        return replace(self, **columns)

    def blocks(self) -> Iterator["Past"]:
        """The same decisions in parts, none of which is large."""
        for first in range(0, len(self), MEMBERS_AT_ONCE):
            yield self.take(slice(first, first + MEMBERS_AT_ONCE))

    @cached_property
    def profiles(self) -> Profiles:
        """Of the m members: ask a part for them, since they take most of a kilobyte each."""
        return self.everyone.take(self.rows)

    @property
    def is_plain(self) -> bool:
        """Everybody had the same chances, so that those who got one kind are like those who got another."""
        return len(self.chances) == 1

    @cached_property
    def net(self) -> NDArray[np.float64]:
        """(m,) What each decision left us, in money: the margin less what redeeming cost beyond the till."""
        cost = np.append(self.terms.reward_cost, 0.0)[self.offer]  # NOTHING is the last
        return np.asarray(self.margin - cost * self.redeemed)

    def history(self, basis: Basis | None = None) -> History:
        """As scorers learn from it, of one decision at the least; with draws where each member has a row of a basis."""
        kinds = np.array([*self.terms.kinds, HELD_OUT])
        return History(
            run=np.full(len(self), self.run),
            kind=kinds[self.offer],
            affinity=np.concatenate([_affinity(part) for part in self.blocks()]),
            redeemed=self.redeemed,
            margin=self.margin,
            draws=None if basis is None else self._draws(basis),
        )

    def _draws(self, basis: Basis) -> Draws:
        return Draws(
            offers=self.terms,
            day=np.full(len(self.terms), day_number(self.day), dtype=np.int32),
            offer=self.offer,
            design=self.design,
            chances=self.chances,
            basis=np.concatenate([basis.rows(part.profiles) for part in self.blocks()]),
            names=basis.names,
        )


def _affinity(past: Past) -> NDArray[np.float64]:
    """Each member's for what they were given; 1 for nothing."""
    found = np.column_stack([affinities(past.profiles, past.terms.departments), np.ones(len(past))])
    return np.asarray(found[np.arange(len(past)), past.offer])


def joined(past: Sequence[Past], basis: Basis | None = None) -> History:
    """All decisions of several runs as one history."""
    return history.joined([each.history(basis) for each in past])
