"""Columns laid aside on disk as they come, and put in groups afterwards: memory does not follow their length."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from loyalty.profiling.cores import share

Columns = Mapping[str, np.ndarray]

ROWS_AT_ONCE = 2**21


class Staged:
    """Columns of one length that grow in a directory; close it before reading."""

    def __init__(self, directory: Path, columns: Mapping[str, np.dtype]) -> None:
        directory.mkdir(parents=True)
        self.directory, self.types = directory, columns
        self.files = {name: (directory / name).open("wb") for name in columns}
        self.rows = 0
        self.most = dict.fromkeys(columns, 0)  # the largest value without its sign

    def add(self, columns: Columns) -> None:
        """Append (m,) values to each column."""
        for name, file in self.files.items():
            values = columns[name].astype(self.types[name], copy=False)
            self.most[name] = max(self.most[name], int(values.max(initial=0)), -int(values.min(initial=0)))
            file.write(np.ascontiguousarray(values).data)
        self.rows += len(values)

    def close(self) -> None:
        for file in self.files.values():
            file.close()

    def column(self, name: str) -> np.ndarray:
        """One whole column, memory-mapped."""
        if not self.rows:
            return np.zeros(0, dtype=self.types[name])
        return np.asarray(np.memmap(self.directory / name, dtype=self.types[name], mode="r"))

    def stretches(self) -> Iterator[slice]:
        return (slice(at, min(at + ROWS_AT_ONCE, self.rows)) for at in range(0, self.rows, ROWS_AT_ONCE))


def narrow(most: int, *, signed: bool = False) -> np.dtype:
    """The smallest type that holds whole numbers up to `most`, and with a sign as far below 0."""
    return np.min_scalar_type(-most - 1) if signed else np.min_scalar_type(most)


def put_in_groups(staged: Staged, group: str, starts: np.ndarray, into: Columns) -> None:
    """Write the staged rows into (l,) columns, where group g begins at `starts[g]`; within it they keep their order."""
    nexts = starts.copy()
    for stretch in staged.stretches():
        of = staged.column(group)[stretch]
        order = np.argsort(of, kind="stable")
        counts = np.bincount(of, minlength=len(nexts))
        places = np.repeat(nexts - np.cumsum(counts) + counts, counts) + np.arange(len(order))
        share(partial(_put, staged, stretch, order, into, places), into)
        nexts += counts


def _put(staged: Staged, stretch: slice, order: np.ndarray, into: Columns, places: np.ndarray, name: str) -> None:
    into[name][places] = staged.column(name)[stretch][order]


def counts(staged: Staged, group: str, groups: int) -> np.ndarray:
    """How many rows each group has, (groups,)."""
    total = np.zeros(groups, dtype=np.int64)
    for stretch in staged.stretches():
        total += np.bincount(staged.column(group)[stretch], minlength=groups)
    return total
