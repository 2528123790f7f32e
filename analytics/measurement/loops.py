"""The innermost loops of summing, compiled: see `adding`. Importing this takes a second, compiling them half of one.

There is no branch in them, so that the compiler looks up and converts many rows at a time.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.integer]


def add(columns: tuple[NDArray, ...], codes: tuple[Codes, ...], sums: NDArray[np.float64]) -> None:
    width = sums.shape[-2]
    first, second = codes if len(codes) == 2 else (*codes, None)
    (_add_one if len(columns) == 1 else _add_two)(*columns, first, second, width, sums.reshape(-1, sums.shape[-1]))


def _place(first: Codes, second: Codes | None, width: int, row: int) -> np.uint64:
    if second is None:  # known when it is compiled
        return np.uint64(np.int64(first[row]) + 1)
    return np.uint64((np.int64(first[row]) + 1) * width + np.int64(second[row]) + 1)


def _one(values: NDArray, first: Codes, second: Codes | None, width: int, sums: NDArray) -> None:
    for row in range(len(values)):
        at = _at(first, second, width, row)
        value = np.float64(values[row])
        sums[at, 0] += 1.0
        sums[at, 1] += value
        sums[at, 2] += value * value


def _two(values: NDArray, before: NDArray, first: Codes, second: Codes | None, width: int, sums: NDArray) -> None:
    for row in range(len(values)):
        at = _at(first, second, width, row)
        value, then = np.float64(values[row]), np.float64(before[row])
        sums[at, 0] += 1.0
        sums[at, 1] += value
        sums[at, 2] += value * value
        sums[at, 3] += then
        sums[at, 4] += then * then
        sums[at, 5] += value * then


_at, _add_one, _add_two = (njit(nogil=True, cache=True)(loop) for loop in (_place, _one, _two))
