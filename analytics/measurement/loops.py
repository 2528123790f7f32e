"""The innermost loops of summing, compiled: see `adding`. Importing this takes a second, compiling them half of one."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.integer]


def add(columns: tuple[NDArray, ...], codes: tuple[Codes, ...], parts: int, sums: NDArray[np.float64]) -> bool:
    first, second = codes if len(codes) == 2 else (*codes, None)
    return bool((_add_one if len(columns) == 1 else _add_two)(*columns, first, second, parts, sums))


@njit(nogil=True, cache=True)
def _cell(first: Codes, second: Codes | None, parts: int, row: int) -> np.int64 | int:
    """-1 for nobody's, as it is where either says so, and -2 where it is none."""
    if second is None:  # known when it is compiled
        return np.int64(first[row])
    outer, inner = np.int64(first[row]), np.int64(second[row])
    if inner >= parts:
        return -2
    return outer * parts + inner if outer >= 0 and inner >= 0 else -1


def _one(values: NDArray, first: Codes, second: Codes | None, parts: int, sums: NDArray) -> bool:
    known = True
    for row in range(len(values)):
        at = _cell(first, second, parts, row)
        if 0 <= at < len(sums):
            value = np.float64(values[row])
            sums[at, 0] += 1.0
            sums[at, 1] += value
            sums[at, 2] += value * value
        elif at != -1:
            known = False
    return known


def _two(values: NDArray, before: NDArray, first: Codes, second: Codes | None, parts: int, sums: NDArray) -> bool:
    known = True
    for row in range(len(values)):
        at = _cell(first, second, parts, row)
        if 0 <= at < len(sums):
            value, then = np.float64(values[row]), np.float64(before[row])
            sums[at, 0] += 1.0
            sums[at, 1] += value
            sums[at, 2] += value * value
            sums[at, 3] += then
            sums[at, 4] += then * then
            sums[at, 5] += value * then
        elif at != -1:
            known = False
    return known


_add_one, _add_two = (njit(nogil=True, cache=True)(loop) for loop in (_one, _two))
