"""Which whole numbers lie in some runs of neighbours: so every condition on codes, flags and steps is looked up."""

from collections.abc import Iterable, Sequence

import numpy as np

from loyalty.profiling import kernels
from loyalty.profiling.scanning import Mark, Test, packed

# The first and the last number of a run.
Run = tuple[int, int]

# Each run is a comparison; past so many of them a table or a search is faster.
MOST_COMPARED = 12
TABLE_BYTES = 2


def joined(runs: Iterable[Run]) -> list[Run]:
    """The same numbers in as few runs as possible, ascending; runs that end before they begin are left out."""
    found: list[Run] = []
    for first, last in sorted(run for run in runs if run[0] <= run[1]):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def test(column: np.ndarray, runs: Sequence[Run]) -> Test:
    """Who of a slice of an (n,) column of signed integers is in one of the runs, which `joined` gave.

    The numbers of the runs are numbers of the column's type.
    """
    if len(runs) <= MOST_COMPARED:
        return lambda rows: _compared(column[rows], runs)
    if column.itemsize <= TABLE_BYTES:
        table, unsigned = _table(column.dtype, runs), f"u{column.itemsize}"
        return lambda rows: table[column[rows].view(unsigned)]
    edges = np.array([edge for first, last in runs for edge in (first, last + 1)])
    return lambda rows: np.searchsorted(edges, column[rows], side="right") % 2 == 1


def marks(column: np.ndarray, runs: Sequence[Run]) -> Mark:
    """As `test`, but in bits: by the compiled kernel where that is at hand and the runs are few, else by NumPy."""
    kernel = kernels.marking(column) if 0 < len(runs) <= MOST_COMPARED else None
    if kernel is None:
        return packed(test(column, runs))
    plain = np.asarray(column)  # memory maps are a type of their own, which the kernel is not compiled for
    firsts, lasts = np.array(runs, dtype=column.dtype).T.copy()
    return lambda rows, words: kernel(plain[rows], firsts, lasts, words)


def _compared(block: np.ndarray, runs: Sequence[Run]) -> np.ndarray:
    if not runs:
        return np.zeros(len(block), dtype=bool)
    found = _in_run(block, *runs[0])
    for run in runs[1:]:
        np.logical_or(found, _in_run(block, *run), out=found)
    return found


def _in_run(block: np.ndarray, first: int, last: int) -> np.ndarray:
    """One comparison where that is enough; else as distances from the first, which unsigned are all from 0."""
    limits = np.iinfo(block.dtype)
    if first == last:
        return np.asarray(block == first)
    if last == limits.max:
        return np.asarray(block >= first)
    if first == limits.min:
        return np.asarray(block <= last)
    unsigned = block.view(f"u{block.itemsize}")
    start = np.array(first, dtype=block.dtype).view(unsigned.dtype)
    return np.asarray(unsigned - start <= unsigned.dtype.type(last - first))


def _table(dtype: np.dtype, runs: Sequence[Run]) -> np.ndarray:
    """For each number of the type, taken as unsigned, whether it is in a run."""
    numbers = np.arange(2 ** (8 * dtype.itemsize)).astype(f"u{dtype.itemsize}").view(dtype)
    return _compared(numbers, runs)
