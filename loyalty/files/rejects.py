"""Writes rejected rows to a CSV file that a spreadsheet can open without running anything in it."""

import csv
import re
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np
import numpy.typing as npt

from loyalty.files.refusal import Reject
from loyalty.files.returned import FORMULA_BEGINNINGS

FIELDS = ("line", "column", "value", "reason")

# Apostrophes before such a beginning count, so that one put there can be told from one that was there before.
_FORMULA = re.compile(f"'*[{FORMULA_BEGINNINGS}]")


class RejectsFile:
    """A rejects file being written; `count` is the number of rows in it so far."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._rows = file, csv.writer(file)
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the rows so far."""
        self._file.seek(0)
        self._file.truncate()
        self._rows.writerow(FIELDS)
        self.count = 0

    def add(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            self._rows.writerow((reject.line, *map(without_formula, (reject.column, reject.value, reject.reason))))
            self.count += 1


@contextmanager
def written(path: Path) -> Iterator[RejectsFile]:
    """A rejects file (line, column, value, reason) at `path`; gone again if it stays empty or an error ends it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # it may hold personal details
    count = 0
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield (rejects := RejectsFile(file))
        count = rejects.count
    finally:
        if not count:
            path.unlink(missing_ok=True)


class Reasons(NamedTuple):
    """Why rows were rejected: `lines` (r,) in order, and for each the place of its column and reason in `said`.

    Few reasons are shared by many rows, so that millions of rejected rows fit in memory.
    """

    lines: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    said: list[tuple[str, str]]

    def of(self, line: int) -> tuple[str, str]:
        """The column at fault and what is wrong with it; nothing for a row that was not rejected."""
        place = int(np.searchsorted(self.lines, line))
        is_there = place < len(self.lines) and self.lines[place] == line
        return self.said[self.places[place]] if is_there else ("", "")

    def most_frequent(self, most: int) -> list[tuple[str, str, int]]:
        """The first so many columns and reasons with the rows they hold for, the most frequent first."""
        counts = np.bincount(self.places, minlength=len(self.said)).tolist()
        found = [(column, reason, rows) for (column, reason), rows in zip(self.said, counts, strict=True)]
        return sorted(found, key=lambda each: -each[2])[:most]


def reasons(path: Path) -> Reasons:
    """The reason of each row in a rejects file."""
    lines, places, said = array("q"), array("q"), dict[tuple[str, str], int]()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for line, column, _, reason in rows:
            lines.append(int(line))
            places.append(said.setdefault((column, reason), len(said)))
    order = np.argsort(lines, kind="stable")
    return Reasons(np.array(lines)[order], np.array(places)[order], list(said))


def without_formula(cell: str) -> str:
    """Text for a cell of an exported CSV file: an apostrophe keeps a spreadsheet from taking it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
