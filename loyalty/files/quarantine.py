"""Rows that were rejected, kept as they stood in their file, so that they can be loaded again."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from loyalty.files.kinds import Kind
from loyalty.files.reader import readings


def keep(path: Path, kind: Kind, lines: Collection[int], place: Path) -> int:
    """Write the rows of a file that begin on these lines to `place`, as CSV with its columns; returns their number.

    Rows that fit no table (too many or too few cells, broken quotes) cannot be kept so and are left out; without any
    other there is no file. Raises FileRefused for a file that cannot be read any more.
    """
    kept = 0
    with place.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        for columns, cells in _found(path, kind, np.array(sorted(lines), dtype=np.int64)):
            if not kept:
                rows.writerow(columns)
            rows.writerows(cells)
            kept += len(cells)
    if not kept:
        place.unlink()
    return kept


def _found(path: Path, kind: Kind, lines: np.ndarray) -> Iterator[tuple[list[str], list[tuple[str, ...]]]]:
    """The columns of each block that has some of these lines, and the cells of those rows."""
    for reading in readings(path, kind):
        block = reading()
        wanted = np.flatnonzero(np.isin(block.lines, lines))
        if len(wanted):
            columns = block.cells.take(wanted).to_pydict()
            yield list(columns), [tuple(cell or "" for cell in row) for row in zip(*columns.values(), strict=True)]
