"""Cells → exact numbers in ten-thousandths."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import int64, uint64

from loyalty.files.compiled.borders import Cells, ends
from loyalty.files.compiled.loops import compiled, inlined
from loyalty.files.compiled.texts import BLANK, KNOWN, UNSURE
from loyalty.files.compiled.words import ONES, SEVENS, SIZE, Bytes, ending, first_bit, marked_zeros

_MINUS, _POINT, _ZERO = 45, 46, 48
_DECIMALS, _MOST_DIGITS = 4, 14


@compiled
def read_decimals(cells: Cells, halves: npt.NDArray[np.int64], states: Bytes) -> tuple[int, int]:
    """Ten-thousandths as the low and high half of 128 bits, `halves` (n, 2) int64.

    Sure are digits, at most 14, with at most four behind a point between them, and a minus before. Returns how many
    cells are blank, and how many are not sure.
    """
    blank, unsure = 0, 0
    content = cells.content
    for row in range(len(states)):
        start, size = ends(cells, row)
        state, value = KNOWN, int64(0)
        if size == 0:
            state = BLANK
        else:
            is_negative = content[start] == _MINUS
            start, size = start + is_negative, size - is_negative
            value = _few(content, start, size) if 0 < size <= SIZE else _many(content, start, size)
            if value < 0:
                state, value = UNSURE, int64(0)
            elif is_negative:
                value = -value
        halves[row, 0], halves[row, 1] = value, value >> 63
        states[row] = state
        blank += state == BLANK
        unsure += state == UNSURE
    return blank, unsure


@inlined
def _few(content: Bytes, start: int, size: int) -> Any:
    """The ten-thousandths of at most eight characters, or -1 if that is not sure."""
    zeros, points = uint64(_ZERO) * ONES, uint64(_POINT) * ONES
    before = uint64(8 * (SIZE - size))
    word = (ending(content, start + size) >> before) << before
    # Digits become their values; what is before the number is zero.
    word ^= (zeros >> before) << before
    marks = marked_zeros(word ^ (zeros ^ points))
    decimals = 0
    if marks != uint64(0):
        place = uint64(first_bit(marks) >> 3)
        decimals = int64(7) - int64(place)
        if decimals == 0 or decimals > _DECIMALS or place == uint64(SIZE - size):
            return int64(-1)
        behind = ~uint64(0) << (uint64(8) * (place + uint64(1)))
        ahead = (uint64(1) << (uint64(8) * place)) - uint64(1)
        word = (word & behind) | ((word & ahead) << uint64(8))
    if ((word + uint64(0x76) * ONES) | word) & ~SEVENS != uint64(0):
        return int64(-1)
    return int64(_eight_digits(word)) * _power(_DECIMALS - decimals)


@inlined
def _power(exponent: int) -> Any:
    value = int64(1)
    if exponent & 1:
        value = int64(10)
    if exponent & 2:
        value *= int64(100)
    if exponent & 4:
        value *= int64(10_000)
    return value


@inlined
def _eight_digits(word: Any) -> Any:
    """The number of which these are the digits, the first one lowest: pairs, then fours, then all."""
    word = (word * uint64(10)) + (word >> uint64(8))
    high = (word & uint64(0x000000FF000000FF)) * uint64(0x000F424000000064)
    low = ((word >> uint64(16)) & uint64(0x000000FF000000FF)) * uint64(0x0000271000000001)
    return (high + low) >> uint64(32)


@compiled
def _many(content: Bytes, start: int, size: int) -> Any:
    """The same of any number of characters."""
    if size == 0 or size > _MOST_DIGITS + 1 + _DECIMALS:
        return int64(-1)
    value, digits, decimals, has_point = int64(0), 0, 0, False
    for at in range(start, start + size):
        digit = int64(content[at]) - _ZERO
        if 0 <= digit <= 9:
            value = value * 10 + digit
            digits += 1
            decimals += has_point
        elif digit == _POINT - _ZERO and not has_point and digits:
            has_point = True
        else:
            return int64(-1)
    if (has_point and decimals == 0) or decimals > _DECIMALS or digits - decimals > _MOST_DIGITS:
        return int64(-1)
    return value * _power(_DECIMALS - decimals)
