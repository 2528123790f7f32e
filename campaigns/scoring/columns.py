"""The compiled loops that make columns of the member basis of what is known of members: see `filling`.

Each says what `basis` says with NumPy, to the last bit. A call makes all columns that it can at once: between calls,
threads wait for one another. Importing this brings the compiler, which takes a second.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

Loop = TypeVar("Loop", bound=Callable[..., object])

# How numbers are kept that are read (`reading.TYPES`), and what is done with them then.
INT8, INT16, INT32, FLOAT32, FLOAT64 = range(5)
AS_THEY_ARE, FROM_ZERO, AFFINITIES, UNKNOWN = range(4)

ZERO, ONE = np.float32(0), np.float32(1)
NOBODY_KNOWS = np.float32(np.nan)

_COLUMNS = types.float32[:, ::1]
_ADDRESSES = types.intp[::1]
_PLACES = types.intp[:, ::1]
_NUMBERS = types.float32[::1]
_UNITS = types.float64[::1]
_HELD = types.float32[:, ::1]


def _compiled(*arguments: Any) -> Callable[[Loop], Loop]:
    def made(loop: Loop) -> Loop:
        found: Loop = njit(types.void(*arguments), nogil=True, cache=True)(loop)
        return found

    return made


def _part(loop: Loop) -> Loop:
    found: Loop = njit(nogil=True)(loop)
    return found


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(_: Any, address: Any) -> Any:
    def made(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return builder.inttoptr(values[0], cgutils.voidptr_t)

    return types.voidptr(types.intp), made


@_part
def _look_up(counts: Any, table: Any, column: Any) -> None:
    """From a table with a number for every count there may be, from the least to the greatest."""
    least = len(table) // 2
    for row in range(len(counts)):
        column[row] = table[np.int64(counts[row]) + least]


@_part
def _put_counts(counts: Any, per_unit: Any, column: Any) -> None:
    """As `Steps.floats`: counts of steps, of which the least number stands for unknown."""
    for row in range(len(counts)):
        number = np.float32(np.float64(counts[row]) / per_unit)
        column[row] = NOBODY_KNOWS if counts[row] == np.int32(-(2**31)) else number


@_part
def _put_numbers(numbers: Any, column: Any) -> None:
    for row in range(len(numbers)):
        column[row] = np.float32(numbers[row])


@_part
def _hold(column: Any, then: int, greatest: Any) -> None:
    if then == FROM_ZERO:
        for row in range(len(column)):
            column[row] = ZERO if column[row] < ZERO else column[row]
    elif then == AFFINITIES:  # between 0 and the greatest that counts; 1, which is average, where unknown
        for row in range(len(column)):
            number = column[row]
            number = ONE if number != number else number
            number = ZERO if number < ZERO else number
            column[row] = greatest if number > greatest else number
    elif then == UNKNOWN:
        for row in range(len(column)):
            column[row] = ONE if column[row] != column[row] else ZERO


@_compiled(_ADDRESSES, _PLACES, _UNITS, types.float32, types.intp, _COLUMNS)
def read(addresses: Any, sources: Any, per_unit: Any, greatest: Any, members: int, columns: Any) -> None:
    """Writes a column per source (type, which of the addresses, address of its table, then, where to), n numbers of
    that type from there on. Whole numbers of one or two bytes are looked up, and those of four are counts of steps."""
    for at in range(len(sources)):
        kind, of, table, then, into = sources[at]
        column, place = columns[into, :members], _pointer(addresses[of])
        if kind == INT8:
            _look_up(carray(place, (members,), np.int8), carray(_pointer(table), (2**8,), np.float32), column)
        elif kind == INT16:
            _look_up(carray(place, (members,), np.int16), carray(_pointer(table), (2**16,), np.float32), column)
        elif kind == INT32:
            _put_counts(carray(place, (members,), np.int32), per_unit[at], column)
        elif kind == FLOAT32:
            _put_numbers(carray(place, (members,), np.float32), column)
        else:
            _put_numbers(carray(place, (members,), np.float64), column)
        _hold(column, then, greatest)


@_part
def _standardise(numbers: Any, by: Any, members: int, columns: Any) -> None:
    for at in range(len(numbers)):
        found, column = columns[numbers[at, 0], :members], columns[numbers[at, 1], :members]
        low, high, centre, scale = by[at]
        for row in range(members):
            number = found[row]
            number = low if number < low else number
            number = high if number > high else number
            number = (number - centre) / scale
            column[row] = number if number == number else ZERO


@_part
def _bend(bends: Any, knots: Any, members: int, columns: Any) -> None:
    for at in range(len(bends)):
        number, found, knot = columns[bends[at, 0]], columns[bends[at, 1]], knots[at]
        for row in range(members):
            above = number[row] - knot
            found[row] = above if above > ZERO else ZERO


@_compiled(_PLACES, types.intp, _COLUMNS)
def multiply(products: Any, members: int, columns: Any) -> None:
    """Writes each product, (one, other, where to)."""
    for at in range(len(products)):
        one, other, found = columns[products[at, 0]], columns[products[at, 1]], columns[products[at, 2]]
        for row in range(members):
            found[row] = one[row] * other[row]


@_compiled(_PLACES, _HELD, _PLACES, _PLACES, _NUMBERS, types.intp, _COLUMNS)
def derive(numbers: Any, by: Any, products: Any, bends: Any, knots: Any, members: int, columns: Any) -> None:
    """Writes numbers (of which column, where to) held between low and high, less the centre, over the scale, 0 where
    unknown, `by` those four of each; then products, and how much a number is above each knot, (number, where to)."""
    _standardise(numbers, by, members, columns)
    multiply(products, members, columns)
    _bend(bends, knots, members, columns)


@_compiled(_PLACES, _NUMBERS, types.float32, types.float32, types.intp, types.intp, _COLUMNS)
def add_up(added: Any, weights: Any, low: Any, high: Any, into: int, members: int, columns: Any) -> None:
    """Writes columns times weights, added up in their order and held between low and high."""
    found = columns[into, :members]
    found[:] = ZERO
    for at in range(len(added)):
        column, weight = columns[added[at, 0]], weights[at]
        for row in range(members):
            found[row] += column[row] * weight
    for row in range(members):
        number = low if found[row] < low else found[row]
        found[row] = high if number > high else number
