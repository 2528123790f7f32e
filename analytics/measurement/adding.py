"""Adds the members of a block to the sums of their cells: by NumPy, or compiled where there are many members.

`add` takes one or two columns (n,), the codes (n,) of one cut, or of two that are crossed as they are added, and the
sums (parts + 1, terms) or (parts + 1, parts of the second + 1, terms) to add to. The first place along each cut is
nobody's, as -1 is the code of who is in none of its parts. The terms are: how many, sum, squares; and with a second
column its sum and squares, and the products. It says whether every code names a part; with one that does not, the sums
are worth nothing.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

Columns = tuple[NDArray, ...]
Codes = tuple[NDArray[np.integer], ...]
Add = Callable[[Columns, Codes, NDArray[np.float64]], bool]

# Terms with one column, and with two.
TERMS = (3, 6)
# So many values take NumPy a fiftieth of a second; for fewer the compiler is never loaded.
WORTH_VALUES = 2**20
# What the loops are compiled for: of anything else a copy is made, block by block.
TYPES = tuple(np.dtype(each) for each in (np.int8, np.int16, np.int32, np.float32, np.float64))


def fastest(values: int) -> Add:
    """It depends on nothing but how many values there are, so that what is summed twice has the same sums."""
    return (_compiled() if values >= WORTH_VALUES else None) or by_numpy


def by_numpy(columns: Columns, codes: Codes, sums: NDArray[np.float64]) -> bool:
    if not all(_known(each, parts) for each, parts in zip(codes, sums.shape[:-1], strict=True)):
        return False
    room = sums.reshape(-1, sums.shape[-1])
    at = np.ravel_multi_index([each.astype(np.intp) + 1 for each in codes], sums.shape[:-1])
    for term, weight in enumerate(_terms([each.astype(np.float64) for each in columns])):
        room[:, term] += np.bincount(at, weights=weight, minlength=len(room))
    return True


def ready(column: NDArray) -> NDArray:
    """In one piece, and of a type that the loops know."""
    plain = np.ascontiguousarray(column)
    return plain if plain.dtype in TYPES else plain.astype(np.int64 if plain.dtype.kind in "iub" else np.float64)


def _known(codes: NDArray[np.integer], parts: int) -> bool:
    """Of the parts, the first is nobody's."""
    return int(codes.min()) >= -1 and int(codes.max()) < parts - 1


def _terms(columns: list[NDArray[np.float64]]) -> list[NDArray[np.float64] | None]:
    now = columns[0]
    terms = [None, now, now * now]
    if len(columns) > 1:
        before = columns[1]
        terms += [before, before * before, now * before]
    return terms


@cache
def _compiled() -> Add | None:
    try:
        add: Add = import_module("analytics.measurement.loops").add  # heavy: brings the compiler
    except ImportError:  # which is not to be had everywhere; NumPy comes to the same, later
        return None
    return add
