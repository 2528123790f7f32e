"""Some of all members, by their rows, and their profiles a block at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from loyalty.profiling.stating import Told
from loyalty.profiling.table import Profiles

AT_ONCE = 2**16
# Rows of others are computed too where fewer than so many lie between: columns are cut, and not copied.
MOST_PER_MEMBER = 2


@dataclass(frozen=True, eq=False)
class Near:
    """Profiles of m members and perhaps of others between them: `at` says which of the rows are theirs."""

    profiles: Profiles
    first: int
    at: NDArray[np.int64] | slice

    @property
    def rows(self) -> int:
        return len(self.profiles)


@dataclass(frozen=True, eq=False)
class Crowd:
    """Members by their `rows` (n,) in the profiles of everyone, ascending; `told` is what members told us."""

    everyone: Profiles
    rows: NDArray[np.int32]
    told: Told

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def member_ids(self) -> NDArray[np.int64]:
        return np.asarray(self.everyone.member_ids[self.rows])

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Crowd":
        return replace(self, rows=self.rows[index])

    def parts(self) -> Iterator[slice]:
        """Slices of at most so many of these members, in their order."""
        return (slice(first, first + AT_ONCE) for first in range(0, len(self), AT_ONCE))

    def near(self, part: slice) -> Near:
        """The profiles of some of these members, with what they told us."""
        rows = self.rows[part]
        if not len(rows):
            return Near(self._cut(0, 0), 0, slice(None))
        first, end = int(rows[0]), int(rows[-1]) + 1
        if end - first > MOST_PER_MEMBER * len(rows):
            return Near(self.told.beside(self.everyone.take(rows)), -1, slice(None))
        at = slice(None) if end - first == len(rows) else (rows - first).astype(np.int64)
        return Near(self._cut(first, end), first, at)

    def _cut(self, first: int, end: int) -> Profiles:
        """Profiles of consecutive members, which share the columns of all."""
        rows, history = slice(first, end), self.everyone.history
        cut = replace(
            self.everyone,
            member_ids=self.everyone.member_ids[rows],
            columns={name: column[rows] for name, column in self.everyone.columns.items()},
            history=history and history.take(np.arange(first, end)),
        )
        return self.told.beside(cut)
