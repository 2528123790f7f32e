"""Sums of every metric for every cell (arm by segment by day) in one pass over the members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.measurement.moments import Moments, Paired

Column = NDArray[np.float64] | NDArray[np.float32] | NDArray[np.int32]
# Sums are taken by blocks of so many members, in their order, so that threads change nothing.
BLOCK = 2**20


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums per cell: `n` (cells,), and per metric (m, cells) totals, of squares, of the time before, of its squares,
    and of products of both; those of the time before are 0 where it was not given."""

    n: NDArray[np.int64]
    total: NDArray[np.float64]
    total_sq: NDArray[np.float64]
    before_total: NDArray[np.float64]
    before_total_sq: NDArray[np.float64]
    cross: NDArray[np.float64]

    def paired(self, metric: int, cells: Iterable[int] | int) -> Paired:
        """One metric's sums over some cells together."""
        chosen = np.atleast_1d(np.asarray(cells if isinstance(cells, int) else list(cells), dtype=np.intp))
        columns = (self.total, self.total_sq, self.before_total, self.before_total_sq, self.cross)
        return Paired(int(self.n[chosen].sum()), *(float(each[metric, chosen].sum()) for each in columns))

    def moments(self, metric: int, cells: Iterable[int] | int) -> Moments:
        """The same without the time before."""
        return self.paired(metric, cells).outcome


def tally(values: Sequence[Column], before: Sequence[Column] | None, cell: NDArray[np.integer], cells: int) -> Tally:
    """Sums of m metrics for every cell.

    values: m columns (n,) of int32, float32 or float64, memory-mapped ones too; before: the same metrics of the time
    before, in the same order, or None; cell (n,) codes 0..cells-1, -1 for a member who is in none. Sums are float64.
    Raises ValueError for columns that do not line up, and for codes of no cell.
    """
    _check(values, before, cell, cells)
    columns = [[each] if before is None else [each, before[number]] for number, each in enumerate(values)]
    sums = np.zeros((len(values), 5, cells))
    n = np.zeros(cells, dtype=np.int64)
    for first in range(0, cell.size, BLOCK):
        rows = slice(first, first + BLOCK)
        inside = cell[rows] >= 0
        codes = cell[rows][inside]
        n += np.bincount(codes, minlength=cells)
        for metric, pair in enumerate(columns):
            sums[metric] += _sums([each[rows][inside].astype(np.float64) for each in pair], codes, cells)
    return Tally(n, *(np.ascontiguousarray(sums[:, number]) for number in range(5)))


def _sums(pair: Sequence[NDArray[np.float64]], codes: NDArray[np.integer], cells: int) -> NDArray[np.float64]:
    now = pair[0]
    terms = [now, now * now]
    if len(pair) > 1:
        terms += [pair[1], pair[1] * pair[1], now * pair[1]]
    found = np.zeros((5, cells))
    for number, term in enumerate(terms):
        found[number] = np.bincount(codes, weights=term, minlength=cells)
    return found


def _check(values: Sequence[Column], before: Sequence[Column] | None, cell: NDArray[np.integer], cells: int) -> None:
    columns = [*values, *(before or [])]
    if before is not None and len(before) != len(values):
        raise ValueError("Every metric needs its own time before.")
    if cell.ndim != 1 or any(each.shape != cell.shape for each in columns):
        raise ValueError("Every metric needs one value per member, in the same order as the cells.")
    if cell.size and not -1 <= int(cell.min()) <= int(cell.max()) < cells:
        raise ValueError("A code names no cell.")
