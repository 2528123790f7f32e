"""The innermost loops of summing, compiled: see `adding`. Importing this takes a second, compiling them half of one."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


def add(columns: tuple[NDArray, ...], codes: NDArray[np.integer], sums: NDArray[np.float64]) -> bool:
    return bool(_add_one(*columns, codes, sums) if len(columns) == 1 else _add_two(*columns, codes, sums))


def cross(at: NDArray[np.int32], codes: NDArray[np.integer], count: int) -> bool:
    return bool(_join(at, codes, np.int32(count)))


def _one(values: NDArray, codes: NDArray, sums: NDArray) -> bool:
    known = True
    for row in range(len(codes)):
        at = np.int64(codes[row])
        if 0 <= at < len(sums):
            value = np.float64(values[row])
            sums[at, 0] += 1.0
            sums[at, 1] += value
            sums[at, 2] += value * value
        elif at != -1:
            known = False
    return known


def _two(values: NDArray, before: NDArray, codes: NDArray, sums: NDArray) -> bool:
    known = True
    for row in range(len(codes)):
        at = np.int64(codes[row])
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


def _both(at: NDArray, codes: NDArray, count: np.int32) -> bool:
    known = True
    for row in range(len(codes)):
        here = np.int32(codes[row])
        if here >= count:
            known = False
        at[row] = at[row] * count + here if at[row] >= 0 and here >= 0 else -1
    return known


_add_one, _add_two, _join = (njit(nogil=True, cache=True)(loop) for loop in (_one, _two, _both))
