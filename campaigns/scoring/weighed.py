"""What a scorer makes of some offers before it knows of whom, and then of rows of members, in one of two ways.

Both come to the same, as nearly as single precision can tell. NumPy does it for few pairs of members and offers, and
compiled loops for many, which take a sixth of the time and give a member the same bits in any company.
"""

from dataclasses import dataclass
from functools import cached_property
from math import e, log2
from types import ModuleType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import kernels, product
from campaigns.scoring.caution import Caution
from campaigns.scoring.local import Local
from campaigns.scoring.packed import (
    Departments,
    Packed,
    Taken,
    departments,
    packed,
    past_cache,
    placed,
    powers,
    room,
    taken,
)
from campaigns.scoring.product import Product, sigmoid_of_double
from campaigns.scoring.scores import Scores

# The probability is 1 / (1 + 2^(this × logit)).
POWER_PER_LOGIT = -log2(e)

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Weighed:
    """Of k offers, the weights (k, c) for local rows of the margin and of the logit of redeeming; the `affinities` (k,)
    of their departments, as columns of the basis; and what is taken off: the `cost` (k,) of a reward, `errors` (k,)
    times how unusual a member is for it, and the cost of a contact."""

    local: Local
    affinities: NDArray[np.intp]
    margin: Array
    redemption: Array
    caution: Caution
    cost: Rows
    errors: Rows
    contact_cost: float

    def product(self, *weights: Array) -> Product:
        return product.prepared(self.local, weights, self.affinities)

    def __len__(self) -> int:
        return len(self.cost)


class Way(Protocol):
    """How n rows of the basis (n, d) are scored."""

    def chances(self, rows: Rows, out: Rows | None = None) -> Rows:
        """(n, k): only the probabilities of redeeming, into `out` where that is given, C-contiguous."""
        ...

    def scores(self, rows: Rows) -> Scores: ...


def way(weighed: Weighed, *, members: int) -> Way:
    """The way for so many members in all, however many at once."""
    loops = kernels.compiled("loops", pairs=members * len(weighed))
    return ByArrays(weighed) if loops is None else ByLoops(weighed, loops)


@dataclass(frozen=True, eq=False)
class ByArrays:
    """With NumPy, a block of rows after the other."""

    weighed: Weighed

    def chances(self, rows: Rows, out: Rows | None = None) -> Rows:
        found = room(len(rows), len(self.weighed)) if out is None else out
        for some in product.blocks(len(rows)):
            (halves,) = self._redeeming.of(rows[some])
            found[some] = sigmoid_of_double(halves)
        return found

    def scores(self, rows: Rows) -> Scores:
        value, expected, redeem = (room(len(rows), len(self.weighed)) for _ in range(3))
        weighed, contact_cost = self.weighed, np.float32(self.weighed.contact_cost)
        for some in product.blocks(len(rows)):
            margin, halves = self._both.of(rows[some])
            redeem[some] = sigmoid_of_double(halves)
            np.subtract(margin, weighed.cost * redeem[some], out=expected[some])
            expected[some] -= contact_cost
            unusual = weighed.caution.unusual(rows[some], weighed.local, weighed.affinities)
            np.subtract(expected[some], unusual * weighed.errors, out=value[some])
        return Scores(value=value, expected=expected, redeem=redeem)

    @cached_property
    def _redeeming(self) -> Product:
        return self.weighed.product(self.weighed.redemption / 2)

    @cached_property
    def _both(self) -> Product:
        return self.weighed.product(self.weighed.margin, self.weighed.redemption / 2)


@dataclass(frozen=True, eq=False)
class ByLoops:
    """With compiled loops, a few rows at a time, of which nothing in between is ever written to memory."""

    weighed: Weighed
    loops: ModuleType

    def chances(self, rows: Rows, out: Rows | None = None) -> Rows:
        found = room(len(rows), len(self.weighed)) if out is None else out
        if len(rows) < self.loops.MEMBERS:
            found[:] = self.chances(self._enough(rows))[: len(rows)]
            return found
        self.loops.chances(
            placed(rows), len(rows), self._departments, self._redeeming, found.reshape(-1), past_cache(found)
        )
        return found

    def scores(self, rows: Rows) -> Scores:
        if len(rows) < self.loops.MEMBERS:
            return self.scores(self._enough(rows)).of(slice(len(rows)))
        found = Scores(*(room(len(rows), len(self.weighed)) for _ in range(3)))
        flat = [each.reshape(-1) for each in (found.value, found.expected, found.redeem)]
        known = (self._departments, self._margin, self._redeeming, self._taken)
        self.loops.scores(placed(rows), len(rows), *known, *flat, past_cache(*flat))
        return found

    def _enough(self, rows: Rows) -> Rows:
        """As many as the loops take at once, where there are fewer; those that nobody asked about are 0."""
        return np.pad(rows, ((0, self.loops.MEMBERS - len(rows)), (0, 0)))

    @cached_property
    def _departments(self) -> Departments:
        return departments(self.weighed.affinities)

    @cached_property
    def _margin(self) -> Packed:
        return self._packed(self.weighed.margin)

    @cached_property
    def _redeeming(self) -> Packed:
        found = self._packed(self.weighed.redemption * POWER_PER_LOGIT)
        return found if found.proportional else found._replace(shifts=powers(found.shifts))

    @cached_property
    def _taken(self) -> Taken:
        return taken(
            self.weighed.local,
            self.weighed.caution.members,
            self.weighed.cost,
            self.weighed.errors,
            self.weighed.contact_cost,
            columns=self.loops.COLUMNS,
        )

    def _packed(self, weights: Array) -> Packed:
        product = self.weighed.product(weights)
        return packed(product.things[0], columns=self.loops.COLUMNS, responds=bool(len(product.used)))
