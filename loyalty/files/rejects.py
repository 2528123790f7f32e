"""Writes rejected rows to a CSV file that a spreadsheet can open without running anything in it."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from loyalty.files.refusal import Reject

# What spreadsheets take for the beginning of a formula, the full-width forms included (CWE-1236).
_FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


class RejectsFile:
    """A rejects file being written; `count` is the number of rows in it so far."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._rows = file, csv.writer(file)
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the rows so far."""
        self._file.seek(0)
        self._file.truncate()
        self._rows.writerow(Reject._fields)
        self.count = 0

    def add(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            self._rows.writerow((reject.line, *map(without_formula, reject[1:])))
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


def lines(path: Path) -> set[int]:
    """The lines of the rows in a rejects file."""
    with path.open(encoding="utf-8", newline="") as file:
        return {int(row["line"]) for row in csv.DictReader(file)}


def by_reason(path: Path) -> Counter[tuple[str, str]]:
    """How many rows of a rejects file were rejected for each column and reason."""
    with path.open(encoding="utf-8", newline="") as file:
        return Counter((row["column"], row["reason"]) for row in csv.DictReader(file))


def without_formula(cell: str) -> str:
    """Text for a cell of an exported CSV file: an apostrophe keeps a spreadsheet from taking it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINNINGS) else cell
