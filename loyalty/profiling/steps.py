"""Numbers kept as whole steps: 12.34 as 1234 hundredths, in the narrowest type that holds the column without loss."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

PER_UNIT = (1, 100, 10_000)
TYPES = (np.dtype(np.int8), np.dtype(np.int16), np.dtype(np.int32))
BLOCK_ROWS = 2**16


@dataclass(frozen=True, eq=False)
class Steps:
    """A column of n numbers, each kept as a count of steps of which `per_unit` make 1.

    `counts` is (n,) of a signed type, whose least number stands for unknown. `dtype` is the type of the floats that
    are kept: a count means count / per_unit, rounded to that type.
    """

    counts: np.ndarray
    per_unit: int
    dtype: np.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        return self.counts.shape

    @property
    def nbytes(self) -> int:
        return self.counts.nbytes

    def __len__(self) -> int:
        return len(self.counts)

    def __getitem__(self, rows: Any) -> "Steps":
        """The numbers in some rows, by anything that picks rows of an array."""
        return replace(self, counts=self.counts[rows])

    def floats(self) -> np.ndarray:
        """The numbers, (n,) of `dtype`, NaN for unknown."""
        values: np.ndarray = np.divide(self.counts, self.per_unit, dtype=np.float64).astype(self.dtype)
        values[self.counts == self.unknown_count] = np.nan
        return values

    def between(self, low: float, high: float) -> tuple[int, int]:
        """The first and the last count whose number is from `low` to `high`; the last before the first where none is.

        Numbers compare as those of `dtype` do, so that a bound decides as it would in the floats.
        """
        first, above = self.dtype.type(low), np.nextafter(self.dtype.type(high), self.dtype.type(np.inf))
        return self._least(first), self._least(above) - 1

    @property
    def unknown_count(self) -> int:
        return _least(self.counts.dtype)

    def unknown(self) -> "Steps":
        """As many numbers, all unknown, which take the memory of one."""
        return replace(self, counts=np.broadcast_to(np.array(_least(TYPES[0]), dtype=TYPES[0]), len(self)))

    def _least(self, bound: Any) -> int:
        """The least count whose number is not below the bound; one more than there are where all are."""
        known = range(self.unknown_count + 1, int(np.iinfo(self.counts.dtype).max) + 1)
        near = min(max(float(bound) * self.per_unit, known.start), known.stop)
        count = math.ceil(near)
        while count > known.start and self._number(count - 1) >= bound:  # several counts may be the same number
            count -= 1
        while count < known.stop and self._number(count) < bound:
            count += 1
        return count

    def _number(self, count: int) -> Any:
        return self.dtype.type(count / self.per_unit)


def narrowed(column: np.ndarray) -> np.ndarray | Steps:
    """An (n,) column as steps where these give back every one of its floats; any other column as it is.

    NaN is unknown; 0 and -0 are the same number.
    """
    if column.dtype.kind != "f":
        return column
    for per_unit in PER_UNIT:
        extent = _extent(column, per_unit)
        if extent is not None:
            return _kept(column, per_unit, _narrowest(*extent))
    return column


def _extent(column: np.ndarray, per_unit: int) -> tuple[int, int] | None:
    """The least and the greatest count of steps; None where a number is no whole count of them, or too large."""
    least, greatest, most = 0.0, 0.0, np.iinfo(TYPES[-1]).max
    for _, block in _blocks(column):
        known = block[~np.isnan(block)]
        counts = np.rint(known.astype(np.float64) * per_unit)
        if np.any(np.abs(counts) > most) or np.any((counts / per_unit).astype(column.dtype) != known):
            return None
        least, greatest = counts.min(initial=least), counts.max(initial=greatest)
    return int(least), int(greatest)


def _kept(column: np.ndarray, per_unit: int, dtype: np.dtype) -> Steps:
    counts = np.full(len(column), _least(dtype), dtype=dtype)
    for start, block in _blocks(column):
        is_known = ~np.isnan(block)
        found = np.rint(block[is_known].astype(np.float64) * per_unit)
        counts[start : start + len(block)][is_known] = found.astype(dtype)
    return Steps(counts, per_unit, column.dtype)


def _narrowest(least: int, greatest: int) -> np.dtype:
    fits = (dtype for dtype in TYPES if _least(dtype) < least and greatest <= np.iinfo(dtype).max)
    return next(fits)


def _blocks(column: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    return ((start, column[start : start + BLOCK_ROWS]) for start in range(0, len(column), BLOCK_ROWS))


def _least(dtype: np.dtype) -> int:
    return int(np.iinfo(dtype).min)
