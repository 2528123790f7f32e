"""The row of a member for one offer: what is known of the member, and how far the offer's department appeals.

With the g general columns b of the basis, and the member's affinity A for the offer's department, the local row is
(b, A × the first q of b, √A × the first s of b): an effect may be in proportion to affinity, or level off, and do so
for some members more than for others. The first of b is 1 for everybody. Without a department A is 1.
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
    """How local rows are made: of `general` columns, affinity multiplies the first `proportional`, and its root the
    first `responding`. `affinities` (t,) are the columns of the basis for departments in use, 0 for none."""

    general: int
    proportional: int
    responding: int
    affinities: NDArray[np.intp]

    @property
    def size(self) -> int:
        """c, the columns of a local row."""
        return self.general + self.proportional + self.responding

    def expanded(self, rows: Rows) -> Rows:
        """(m, g + t (q + s)) float32, with a local row for every department in use among its columns."""
        parts = (self._own(rows, column) for column in self.affinities.tolist())
        return np.hstack([rows[:, : self.general], *(part for own in parts for part in own)])

    def rows(self, rows: Rows, affinity: int) -> Rows:
        """(m, c) float32: the local rows for one department, by its column of the basis."""
        return np.hstack([rows[:, : self.general], *self._own(rows, affinity)])

    def columns(self, affinities: NDArray[np.intp]) -> NDArray[np.intp]:
        """(K, c): the expanded columns that are the local row of offers with these `affinity_columns` (K,)."""
        slot = np.searchsorted(self.affinities, affinities)[:, None]
        own = self.size - self.general
        general = np.tile(np.arange(self.general), (len(slot), 1))
        return np.hstack([general, self.general + slot * own + np.arange(own)])

    def at_average(self) -> Array:
        """(g, c): from the weights of a local row to those of the general columns where affinity is 1."""
        parts = (self.general, self.proportional, self.responding)
        return np.hstack([np.eye(self.general, size) for size in parts])

    def _own(self, rows: Rows, affinity: int) -> tuple[Rows, Rows]:
        own = rows[:, affinity, None]
        return own * rows[:, : self.proportional], np.sqrt(own) * rows[:, : self.responding]


def local(basis: Basis, departments: Sequence[str | None]) -> Local:
    """For offers of these departments; the column of everybody, which is 1, stands for no department."""
    used = np.unique([0, *affinity_columns(basis, departments)]).astype(np.intp)
    return Local(basis.general, basis.proportional, basis.responding, used)


def affinity_columns(basis: Basis, departments: Sequence[str | None]) -> NDArray[np.intp]:
    """(K,): the column of the basis with the affinity for each offer's department, 0 without one that is known."""
    at = {department: basis.general + number for number, department in enumerate(basis.departments)}
    return np.array([at.get(department or "", 0) for department in departments], dtype=np.intp)
