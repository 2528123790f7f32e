"""Adds the members of a block to the sums of their cells: by NumPy, or compiled where there are many members.

`add` takes one or two columns (n,), cell codes (n,) and the sums (cells, terms) to add to. The terms are: how many,
sum, squares; and with a second column its sum and squares, and the products. `cross` takes codes (n,) and those of
another cut (n,) of so many parts, and makes the first those of both. Both say whether they knew every code: -1 is
nobody's.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Columns = tuple[NDArray, ...]


class Kernels(NamedTuple):
    add: Callable[[Columns, NDArray, NDArray[np.float64]], bool]
    cross: Callable[[NDArray[np.int32], NDArray, int], bool]


# Terms with one column, and with two.
TERMS = (3, 6)
# So many values take NumPy a fiftieth of a second; for fewer the compiler is never loaded.
WORTH_VALUES = 2**20
# What the loops are compiled for: of anything else a copy is made, block by block.
TYPES = tuple(np.dtype(each) for each in (np.int8, np.int16, np.int32, np.float32, np.float64))


def fastest(values: int) -> Kernels:
    """It depends on nothing but how many values there are, so that what is summed twice has the same sums."""
    return (_compiled() if values >= WORTH_VALUES else None) or BY_NUMPY


def _add(columns: Columns, codes: NDArray[np.integer], sums: NDArray[np.float64]) -> bool:
    cells = len(sums)
    if codes.size and not -1 <= int(codes.min()) <= int(codes.max()) < cells:
        return False
    inside = codes >= 0
    at = codes[inside]
    for term, weight in enumerate(_terms([each[inside].astype(np.float64) for each in columns])):
        sums[:, term] += np.bincount(at, weights=weight, minlength=cells)
    return True


def _cross(at: NDArray[np.int32], codes: NDArray[np.integer], count: int) -> bool:
    nowhere = (at < 0) | (codes < 0)
    at *= count
    at += codes
    at[nowhere] = -1
    return not codes.size or int(codes.max()) < count


BY_NUMPY = Kernels(_add, _cross)


def ready(column: NDArray) -> NDArray:
    """In one piece, and of a type that the loops know."""
    plain = np.ascontiguousarray(column)
    return plain if plain.dtype in TYPES else plain.astype(np.int64 if plain.dtype.kind in "iub" else np.float64)


def _terms(columns: list[NDArray[np.float64]]) -> list[NDArray[np.float64] | None]:
    now = columns[0]
    terms = [None, now, now * now]
    if len(columns) > 1:
        before = columns[1]
        terms += [before, before * before, now * before]
    return terms


@cache
def _compiled() -> Kernels | None:
    try:
        loops = import_module("analytics.measurement.loops")  # heavy: brings the compiler
    except ImportError:  # which is not to be had everywhere; NumPy comes to the same, later
        return None
    return Kernels(loops.add, loops.cross)
