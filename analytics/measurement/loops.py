"""The innermost loops of summing, compiled: see `adding`. Importing this takes a second, compiling them another.

There is no branch in them, so that the compiler looks up and converts many rows at a time. A block is taken in steps:
the codes of a step are checked, and its rows added, while they are at hand.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analytics.measurement import packed
from analytics.measurement.places import PER_CELL, Codes, Places, find, find_crossed

Sums = NDArray[np.float64]

# Rows of a step: their places are in the closest cache until they are added.
STEP = 2**11


def add(columns: tuple[NDArray, ...], codes: tuple[Codes, ...], sums: NDArray[np.float64]) -> bool:
    cells = sums.reshape(-1, sums.shape[-1])
    loop: Any = _add_two if len(columns) == 2 else _add_whole if packed.suits(columns[0], len(cells)) else _add_one
    parts, width = sums.shape[0], sums.shape[1] if len(codes) == 2 else 0
    return bool(loop(*columns, codes[0], codes[-1], parts, width, cells))


def _find(first: Codes, second: Codes, parts: int, width: int, start: int, places: Places) -> Any:
    """Of the members of a step; False for a code of no part. Without a width there is no second cut."""
    rows = slice(start, start + STEP)
    if width:
        return find_crossed(first[rows], second[rows], parts, width, places)
    return find(first[rows], parts, places)


def _whole(values: NDArray, first: Codes, second: Codes, parts: int, width: int, sums: Sums) -> bool:
    places, table = np.empty(STEP, np.uint32), packed.table(len(sums))
    for start in range(0, len(values), STEP):
        if not _places(first, second, parts, width, start, places):
            return False
        if start % packed.MEMBERS == 0:
            packed.unpack(table, sums)
        mine = values[start : start + STEP]
        added = packed.add(mine, places, table)
        _ones(mine[added:], places[added:], sums)
    packed.unpack(table, sums)
    return True


def _one(values: NDArray, first: Codes, second: Codes, parts: int, width: int, sums: Sums) -> bool:
    places = np.empty(STEP, np.uint32)
    for start in range(0, len(values), STEP):
        if not _places(first, second, parts, width, start, places):
            return False
        _ones(values[start : start + STEP], places, sums)
    return True


def _two(values: NDArray, before: NDArray, first: Codes, second: Codes, parts: int, width: int, sums: Sums) -> bool:
    places = np.empty(STEP, np.uint32)
    for start in range(0, len(values), STEP):
        if not _places(first, second, parts, width, start, places):
            return False
        _twos(values[start : start + STEP], before[start : start + STEP], places, sums)
    return True


def _sum_one(values: NDArray, places: Places, sums: Sums) -> None:
    for row in range(len(values)):
        at = places[row] // PER_CELL
        value = np.float64(values[row])
        sums[at, 0] += 1.0
        sums[at, 1] += value
        sums[at, 2] += value * value


def _sum_two(values: NDArray, before: NDArray, places: Places, sums: Sums) -> None:
    for row in range(len(values)):
        at = places[row] // PER_CELL
        value, then = np.float64(values[row]), np.float64(before[row])
        sums[at, 0] += 1.0
        sums[at, 1] += value
        sums[at, 2] += value * value
        sums[at, 3] += then
        sums[at, 4] += then * then
        sums[at, 5] += value * then


_places, _ones, _twos = (njit(each) for each in (_find, _sum_one, _sum_two))
_add_whole, _add_one, _add_two = (njit(nogil=True, cache=True)(each) for each in (_whole, _one, _two))
