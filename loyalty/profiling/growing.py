"""Arrays that grow row by row from the first on, in memory or in a file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

ROWS_AT_ONCE = 1 << 16

Found = TypeVar("Found")

_numbers = count()


def laid(parts: Iterable[tuple[int, Found]], nothing: Found, *, rows: int, aside: Path | None) -> Found:
    """Parts of a whole, each with the row it begins at, ascending: laid side by side.

    A part is an array, or a dataclass or dictionary, or several within one another, of arrays. `nothing` is such a
    part of one row, for the rows between. With a directory `aside` the whole is in files there, mapped.
    """
    whole: Any = _map(lambda each: Growing(each, rows, path=aside and aside / f"laid-{next(_numbers)}"), nothing)
    for first, found in parts:
        _lay(found, whole, first)
    laid: Found = _map(Growing.whole, whole)
    return laid


def by_rows(compute: Callable[[slice], Found], *, rows: int, aside: Path | None) -> Found:
    """What `compute` finds of each of so many rows, a range of them at a time."""
    return laid(((each.start, compute(each)) for each in ranges(rows)), compute(slice(0, 1)), rows=rows, aside=aside)


def ranges(rows: int) -> Iterator[slice]:
    return (slice(first, min(first + ROWS_AT_ONCE, rows)) for first in range(0, rows, ROWS_AT_ONCE))


def _map(change: Callable[[Any], Any], found: Any) -> Any:
    if is_dataclass(found):
        return replace(found, **{each.name: _map(change, getattr(found, each.name)) for each in fields(found)})  # type: ignore[type-var]
    return {name: _map(change, each) for name, each in found.items()} if isinstance(found, dict) else change(found)


def _lay(found: Any, whole: Any, first: int) -> None:
    if is_dataclass(found):
        for each in fields(found):
            _lay(getattr(found, each.name), getattr(whole, each.name), first)
    elif isinstance(found, dict):
        for name, each in found.items():
            _lay(each, whole[name], first)
    else:
        whole.lay(first, found)


class Growing:
    """(rows, …) of the shape and type of `nothing` (1, …), which stands in every row that is passed over."""

    def __init__(self, nothing: np.ndarray, rows: int, *, path: Path | None) -> None:
        self.nothing, self.rows, self.path = nothing, rows, path
        self.array = np.repeat(nothing, rows, axis=0) if path is None else nothing[:0]
        self.file = path.open("wb") if path else None
        self.end = 0

    def lay(self, first: int, found: np.ndarray) -> None:
        """Put rows down from row `first` on, which comes after all that were put down before."""
        if self.file is None:
            self.array[first : first + len(found)] = found
            return
        self._pass_over(first)
        self.file.write(found.astype(self.nothing.dtype, copy=False).tobytes())
        self.end = first + len(found)

    def whole(self) -> np.ndarray:
        """All rows; those of a file are mapped, and only read."""
        if self.file is None or self.path is None:
            return self.array
        self._pass_over(self.rows)
        self.file.close()
        shape = (self.rows, *self.nothing.shape[1:])
        empty = 0 in shape
        return np.zeros(shape, self.nothing.dtype) if empty else np.memmap(self.path, self.nothing.dtype, "r", 0, shape)

    def _pass_over(self, end: int) -> None:
        assert self.file
        for first in range(self.end, end, ROWS_AT_ONCE):
            self.file.write(np.repeat(self.nothing, min(ROWS_AT_ONCE, end - first), axis=0).tobytes())
        self.end = max(self.end, end)
