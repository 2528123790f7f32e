"""Rows that come in any order, laid aside on disk by ranges of their member, and taken up again block by block."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np

PARTS = 64
MEMBERS_PER_BLOCK, ROWS_PER_BLOCK = 4096, 1 << 18


class Spool:
    """A directory of its own for rows of one type, which has a column `member` of ids from 0 to `last_member`.

    One part is in memory at a time: a 64th of all rows where ids are spread evenly. Close it before taking rows up.
    """

    def __init__(self, directory: Path, row: np.dtype, *, last_member: int) -> None:
        self.directory, self.row = directory, row
        self.ids_per_part = last_member // PARTS + 1
        self.files: dict[int, IO[bytes]] = {}
        self.rows = 0

    def add(self, columns: Mapping[str, np.ndarray]) -> None:
        """Lay aside (m,) columns by the names of the row's."""
        part = columns["member"] // self.ids_per_part
        order = np.argsort(part, kind="stable")
        rows = np.empty(len(part), self.row)
        for name in self.row.names or ():
            rows[name] = columns[name][order]
        numbers, first = np.unique(part[order], return_index=True)
        for number, piece in zip(numbers.tolist(), np.split(rows, first[1:]), strict=bool(len(numbers))):
            self._file(number).write(piece.tobytes())
        self.rows += len(rows)

    def close(self) -> None:
        for file in self.files.values():
            file.close()

    def blocks(self) -> Iterator[np.ndarray]:
        """All rows, ascending by member, each member's in the order they came; all of a member's in one block."""
        for number in sorted(self.files):
            rows = np.fromfile(self._path(number), self.row)
            rows = rows[np.argsort(rows["member"], kind="stable")]
            yield from np.split(rows, _cuts(rows["member"]))

    def _file(self, number: int) -> IO[bytes]:
        if number not in self.files:
            self.files[number] = self._path(number).open("wb", buffering=1 << 16)
        return self.files[number]

    def _path(self, number: int) -> Path:
        return self.directory / f"{number:04}"


def _cuts(member: np.ndarray) -> np.ndarray:
    """Where blocks end: after so many members, and after the member with whom there are so many rows."""
    by_members = np.arange(member[0] + MEMBERS_PER_BLOCK, member[-1] + 1, MEMBERS_PER_BLOCK)
    by_rows = member[ROWS_PER_BLOCK - 1 :: ROWS_PER_BLOCK] + 1
    cuts = np.unique(np.searchsorted(member, np.concatenate([by_members, by_rows])))
    return cuts[cuts < len(member)]
