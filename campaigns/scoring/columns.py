"""The compiled loops that make columns of the member basis of what is known of members: see `filling`.

Each says what `basis` says with NumPy, to the last bit. Importing this brings the compiler, which takes a second.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit, types

Loop = TypeVar("Loop", bound=Callable[..., object])

ZERO = np.float32(0)
UNKNOWN = np.float32(np.nan)

_COLUMN = types.float32[::1]
_READ = types.Array(types.float32, 1, "C", readonly=True)
_PLACES = types.intp[:, ::1]


def _compiled(*signatures: Any) -> Callable[[Loop], Loop]:
    def made(loop: Loop) -> Loop:
        found: Loop = njit([types.void(*each) for each in signatures], nogil=True, cache=True)(loop)
        return found

    return made


def _of_each(kinds: Any, *more: Any) -> Callable[[Loop], Loop]:
    """For a read-only column of each of these types, with more arguments."""
    return _compiled(*[(types.Array(kind, 1, "C", readonly=True), *more) for kind in kinds])


@_of_each((types.int8, types.int16), _READ, _COLUMN)
def look_up(counts: Any, table: Any, column: Any) -> None:
    """From a table with a number for every count there may be, from the least to the greatest."""
    least = len(table) // 2
    for row in range(len(counts)):
        column[row] = table[np.int64(counts[row]) + least]


@_of_each((types.int32,), types.float64, _COLUMN)
def put_counts(counts: Any, per_unit: Any, column: Any) -> None:
    """As `Steps.floats`: counts of steps, of which the least number stands for unknown."""
    for row in range(len(counts)):
        number = np.float32(np.float64(counts[row]) / per_unit)
        column[row] = UNKNOWN if counts[row] == np.int32(-(2**31)) else number


@_of_each((types.float32, types.float64), _COLUMN)
def put_numbers(numbers: Any, column: Any) -> None:
    for row in range(len(numbers)):
        column[row] = np.float32(numbers[row])


@_of_each((types.float32, types.float64), types.float32, _COLUMN)
def put_affinities(affinities: Any, greatest: Any, column: Any) -> None:
    """Held between 0 and the greatest that counts; 1, which is average, where unknown."""
    for row in range(len(affinities)):
        number = np.float32(affinities[row])
        number = np.float32(1) if number != number else number
        number = ZERO if number < ZERO else number
        column[row] = greatest if number > greatest else number


@_compiled((_COLUMN,))
def hold_from_zero(column: Any) -> None:
    for row in range(len(column)):
        column[row] = ZERO if column[row] < ZERO else column[row]


@_compiled((_COLUMN, *[types.float32] * 4))
def standardise(column: Any, low: Any, high: Any, centre: Any, scale: Any) -> None:
    """Held between low and high, less the centre, over the scale; 0 where unknown."""
    for row in range(len(column)):
        number = column[row]
        number = low if number < low else number
        number = high if number > high else number
        number = (number - centre) / scale
        column[row] = number if number == number else ZERO


@_compiled((types.float32[:, ::1], types.intp, _PLACES, _PLACES, _COLUMN))
def derive(columns: Any, members: int, products: Any, bends: Any, knots: Any) -> None:
    """Writes each product, (one, other, where to), and how much a number is above each knot, (number, where to)."""
    for at in range(len(products)):
        one, other, found = columns[products[at, 0]], columns[products[at, 1]], columns[products[at, 2]]
        for row in range(members):
            found[row] = one[row] * other[row]
    for at in range(len(bends)):
        number, found, knot = columns[bends[at, 0]], columns[bends[at, 1]], knots[at]
        for row in range(members):
            above = number[row] - knot
            found[row] = above if above > ZERO else ZERO
