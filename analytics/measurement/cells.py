"""Sums of every metric for every cell (arm by segment by day) in one pass over the members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.measurement import adding
from analytics.measurement.moments import Moments, Paired
from loyalty.profiling.cores import share

# Sums are taken by blocks and put together in their order, so that threads change nothing: of so many members at
# least, and so many blocks at the most, enough for cores of which some are slower.
BLOCK, BLOCKS = 2**15, 32
# A block is longer where there are many cells: filling and joining the sums of a block must not outweigh it.
ROWS_PER_CELL = 64


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


Cut = tuple[NDArray[np.integer], int]


@dataclass(frozen=True, eq=False)
class Crossed:
    """The cells of two cuts at once: of each its codes (n,) 0..count-1 or -1, and count.

    A cell's code is that of the first cut times the count of the second, and that of the second, as
    `np.ravel_multi_index` has it. A member who is nowhere in one of the cuts is in no cell.
    """

    first: Cut
    second: Cut

    @property
    def count(self) -> int:
        return self.first[1] * self.second[1]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.first[0].shape


Codes = NDArray[np.integer] | Crossed


def tally(values: Sequence[NDArray], before: Sequence[NDArray] | None, cell: Codes, cells: int) -> Tally:
    """Sums of m metrics for every cell.

    values: m columns (n,) of numbers, best int32, float32 or float64, memory-mapped ones too; before: the same metrics
    of the time before, in the same order, or None; cell (n,) codes 0..cells-1, -1 for a member who is in none, or cuts
    that are to be crossed. Sums are float64, and exact for whole numbers whose squares add up to less than 2^53. Raises
    ValueError for columns that do not line up, and for codes of no cell.
    """
    _check(values, before, cell)
    columns = [(one,) for one in values] if before is None else list(zip(values, before, strict=True))
    terms = adding.TERMS[0 if before is None else 1]
    add = adding.fastest(cell.shape[0] * len(columns))
    cuts = [cell.first, cell.second] if isinstance(cell, Crossed) else [(cell, cells)]
    room = [len(columns), *(count + 1 for _, count in cuts), terms]

    def block(first: int) -> NDArray[np.float64]:
        rows = slice(first, first + size)
        sums = np.zeros(room)
        codes = tuple(adding.ready(each[rows]) for each, _ in cuts)
        for number, each in enumerate(columns):
            if not add(tuple(adding.ready(one[rows]) for one in each), codes, sums[number]):
                raise ValueError("A code names no cell.")
        return sums

    size = max(BLOCK, -(-cell.shape[0] // BLOCKS), ROWS_PER_CELL * cells)
    parts = share(block, range(0, cell.shape[0], size))
    sums = sum(parts, start=np.zeros(room))
    somebodys = (slice(None), *(slice(1, None) for _ in cuts))
    return _tally(sums[somebodys].reshape(len(columns), cells, terms))


def _tally(sums: NDArray[np.float64]) -> Tally:
    """From (m, cells, terms) sums."""
    filled = np.zeros((*sums.shape[:2], adding.TERMS[1]))
    filled[:, :, : sums.shape[2]] = sums
    return Tally(
        sums[0, :, 0].astype(np.int64),
        *(np.ascontiguousarray(filled[:, :, term]) for term in range(1, filled.shape[2])),
    )


def _check(values: Sequence[NDArray], before: Sequence[NDArray] | None, cell: Codes) -> None:
    if not values:
        raise ValueError("There is no metric to take sums of.")
    if before is not None and len(before) != len(values):
        raise ValueError("Every metric needs its own time before.")
    if len(cell.shape) != 1 or any(each.shape != cell.shape for each in [*values, *(before or [])]):
        raise ValueError("Every metric needs one value per member, in the same order as the cells.")
