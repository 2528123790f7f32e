"""The innermost loops of summing, compiled: see `adding`. A block is taken in steps, whose codes are checked first.

Importing this takes a second, and compiling it for another kind of columns some more unless numba's cache has it.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analytics.measurement import packed
from analytics.measurement.places import Codes, Places, find, find_crossed

Columns = tuple[NDArray, ...]
Sums = NDArray[np.float64]

# Rows of a step: their places are in the closest cache until they are added.
STEP = 2**11


def add(columns: Columns, codes: tuple[Codes, ...], sums: Sums) -> bool:
    cells = sums.reshape(-1, sums.shape[-1])
    parts, width = sums.shape[0], sums.shape[1] if len(codes) == 2 else 0
    cuts = (codes[0], codes[-1], parts, width)
    if packed.suits(columns, len(cells)):
        return bool(_add_packed(columns, *cuts, packed.bits(sums.shape[-1]), cells))
    return bool(_add_any(columns, *cuts, cells))


def _packed(columns: Columns, first: Codes, second: Codes, parts: int, width: int, bits: int, sums: Sums) -> bool:
    places, table = np.empty(STEP, np.uint32), np.zeros(len(sums) << bits, np.int64)
    for start in range(0, len(first), STEP):
        stop = min(start + STEP, len(first))
        if not _found(first, second, parts, width, bits, start, places):
            return False
        added = packed.add(columns, (first, second), start, stop, places, table)
        _sum(columns, start + added, stop, places[added:], bits, sums)
        if stop % packed.MEMBERS == 0:
            packed.unpack(table, bits, sums)
    packed.unpack(table, bits, sums)
    return True


def _any(columns: Columns, first: Codes, second: Codes, parts: int, width: int, sums: Sums) -> bool:
    places = np.empty(STEP, np.uint32)
    for start in range(0, len(first), STEP):
        if not _found(first, second, parts, width, 0, start, places):
            return False
        _sum(columns, start, min(start + STEP, len(first)), places, 0, sums)
    return True


def _find(first: Codes, second: Codes, parts: int, width: int, bits: int, start: int, places: Places) -> Any:
    """Of the members of a step; False for a code of no part. Without a width there is no second cut."""
    rows = slice(start, start + STEP)
    if width:
        return find_crossed(first[rows], second[rows], parts, width, bits, places)
    return find(first[rows], parts, bits, places)


def _sum_one(values: NDArray, places: Places, bits: int, sums: Sums) -> None:
    for row in range(len(values)):
        at = places[row] >> bits
        value = np.float64(values[row])
        sums[at, 0] += 1.0
        sums[at, 1] += value
        sums[at, 2] += value * value


def _sum_two(values: NDArray, before: NDArray, places: Places, bits: int, sums: Sums) -> None:
    for row in range(len(values)):
        at = places[row] >> bits
        value, then = np.float64(values[row]), np.float64(before[row])
        sums[at, 0] += 1.0
        sums[at, 1] += value
        sums[at, 2] += value * value
        sums[at, 3] += then
        sums[at, 4] += then * then
        sums[at, 5] += value * then


def _sum_either(columns: Columns, start: int, stop: int, places: Places, bits: int, sums: Sums) -> None:
    if len(columns) == 1:  # known when it is compiled
        _ones(columns[0][start:stop], places, bits, sums)
    else:
        _twos(columns[0][start:stop], columns[-1][start:stop], places, bits, sums)


_found, _ones, _twos, _sum = (njit(each) for each in (_find, _sum_one, _sum_two, _sum_either))
_add_packed, _add_any = (njit(nogil=True, cache=True)(each) for each in (_packed, _any))
