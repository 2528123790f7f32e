"""The row of a member for one offer: what is known of the member, and how far the offer's department appeals.

With g general columns b of the basis, of which s respond (everybody's, the foremost numbers and their products), and
the member's affinity A for the offer's department, the local row is (b, A, √A × those that respond): an effect may be
in proportion to affinity, or level off, and do so for some members more than for others. Without a department A is 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.basis import Basis

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Local:
    """How local rows are made: of `general` columns, the first `responding` of which affinity strengthens; `affinities`
    (t,) are the columns of the basis for the departments in use, of which the first stands for none at all."""

    general: int
    responding: int
    affinities: NDArray[np.intp]

    @property
    def size(self) -> int:
        """c, the columns of a local row."""
        return self.general + 1 + self.responding

    def expanded(self, rows: Rows) -> Rows:
        """(m, g + t + t s) float32, with a local row for every department in use among its columns."""
        affinity = rows[:, self.affinities]
        responses = np.sqrt(affinity)[:, :, None] * rows[:, None, : self.responding]
        return np.hstack([rows[:, : self.general], affinity, responses.reshape(len(rows), -1)])

    def rows(self, rows: Rows, affinity: int) -> Rows:
        """(m, c) float32: the local rows for one department, by its column of the basis."""
        own = rows[:, affinity, None]
        return np.hstack([rows[:, : self.general], own, np.sqrt(own) * rows[:, : self.responding]])

    def columns(self, affinities: NDArray[np.intp]) -> NDArray[np.intp]:
        """(K, c): the expanded columns that are the local row of offers with these `affinity_columns` (K,)."""
        slot = np.searchsorted(self.affinities, affinities)
        size, first = self.responding, self.general + len(self.affinities)
        general = np.tile(np.arange(self.general), (len(slot), 1))
        responses = first + slot[:, None] * size + np.arange(size)
        return np.hstack([general, self.general + slot[:, None], responses])

    def at_average(self) -> Array:
        """(g, c): from the weights of a local row to those of the general columns where affinity is 1."""
        folded = np.zeros((self.general, self.size))
        folded[np.arange(self.general), np.arange(self.general)] = 1
        folded[0, self.general] = 1
        responding = np.arange(self.responding)
        folded[responding, self.general + 1 + responding] = 1
        return folded


def local(basis: Basis, departments: Sequence[str | None]) -> Local:
    """For offers of these departments; the column of everybody, which is 1, stands for no department."""
    used = np.unique([0, *affinity_columns(basis, departments)]).astype(np.intp)
    return Local(basis.general, basis.responding, used)


def affinity_columns(basis: Basis, departments: Sequence[str | None]) -> NDArray[np.intp]:
    """(K,): the column of the basis with the affinity for each offer's department, 0 without one that is known."""
    at = {department: basis.general + number for number, department in enumerate(basis.departments)}
    return np.array([at.get(department or "", 0) for department in departments], dtype=np.intp)
