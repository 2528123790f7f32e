"""Rows that were rejected, kept as they stood in their file, so that they can be mended and loaded again."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np

from loyalty.files.blocks import TextBlock
from loyalty.files.cells import is_numeral
from loyalty.files.kinds import Column, Kind, Type
from loyalty.files.reader import readings
from loyalty.files.rejects import Reasons, without_formula
from loyalty.files.returned import MARKS

_NUMERIC: frozenset[Type] = frozenset({"integer", "number", "quantity", "money"})


class _Row(NamedTuple):
    line: int
    cells: tuple[str, ...]
    text: str


def keep(path: Path, kind: Kind, reasons: Reasons, place: Path) -> int:
    """Write a file's rejected rows to `place`; returns how many of them can be loaded as they are.

    It is a CSV file with the columns of theirs, which a spreadsheet opens without running anything, and with `MARKS`:
    line, column and reason, and of rows that fit no table (too many or too few cells, broken quotes) the text, where
    the others have cells. The loader takes it as it is. Raises FileRefused for a file that cannot be read any more.
    """
    kept = 0
    with _opened(place) as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        for reading in readings(path, kind):
            block = reading()
            if not file.tell():
                rows.writerow([*(column.name for column in block.columns), *MARKS])
            for row in _rejected(block, reasons.lines):
                rows.writerow([*row.cells, row.line, *map(without_formula, (*reasons.of(row.line), row.text))])
                kept += not row.text
    return kept


def _opened(place: Path) -> TextIO:
    """Readable by nobody else: it holds personal details. The mark at its beginning tells spreadsheets of UTF-8."""
    place.unlink(missing_ok=True)  # one of before keeps its own mode
    place.touch(mode=0o600, exist_ok=False)
    return place.open("w", encoding="utf-8-sig", newline="")


def _rejected(block: TextBlock, lines: np.ndarray) -> Iterator[_Row]:
    """The rows of a block that begin on these lines, and those that fit no table, in the order of the file."""
    wanted = np.flatnonzero(np.isin(block.lines, lines))
    cells = zip(*block.cells.take(wanted).to_pydict().values(), strict=True)
    found = [
        _Row(line, tuple(map(_exported, row, block.columns)), "")
        for line, row in zip(block.lines[wanted].tolist(), cells, strict=True)
    ]
    none = ("",) * len(block.columns)
    return iter(sorted(found + [_Row(reject.line, none, reject.text) for reject in block.rejects]))


def _exported(cell: str | None, column: Column) -> str:
    """The cell for a spreadsheet; a number stays one, with its sign."""
    if not cell:
        return ""
    return cell if column.type in _NUMERIC and is_numeral(cell) else without_formula(cell)
