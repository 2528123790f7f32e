"""The innermost loops of counting, compiled: a column is read once, and who passes becomes bits while it is at hand.

Importing this takes a second, and compiling three more unless numba's cache has it: see `kernels`.
"""

from typing import Any

import numpy as np
from numba import njit, types

from loyalty.profiling.lanes import LANES, within

# Words of which the rows stay in the first cache, however many runs there are.
AT_ONCE = 64
# Every other bit, pair and four of a word, and the lowest bit of each byte.
BITS, PAIRS, FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
HIGHEST_BYTE = np.uint64(56)
LOWEST = np.uint64(0x0101010101010101)
NONE, ONE, TWO, FOUR = (np.uint64(number) for number in (0, 1, 2, 4))


def _last_bits(numbers: np.ndarray, firsts: np.ndarray, lasts: np.ndarray) -> Any:
    """The bits of the rows that do not fill a word."""
    bits = NONE
    for row in range(len(numbers)):
        for run in range(len(firsts)):
            if firsts[run] <= numbers[row] <= lasts[run]:
                bits |= ONE << np.uint64(row)
    return bits


_last = njit(_last_bits)


def _mark(column: np.ndarray, firsts: np.ndarray, lasts: np.ndarray, words: np.ndarray) -> None:
    """Write a bit for each row of an (n,) column: whether its number is in one of the runs.

    `firsts` and `lasts` are (m,) of the column's type, m at least 1; `words` is (ceil(n / 64),) uint64.
    """
    whole = len(column) // LANES
    for start in range(0, whole, AT_ONCE):
        end = min(start + AT_ONCE, whole)
        for run in range(len(firsts)):
            first, last = firsts[run], lasts[run]
            for word in range(start, end):
                inside = within(column, word * LANES, first, last)
                words[word] = words[word] | inside if run else inside
    for word in range(whole, len(words)):
        words[word] = _last(column[whole * LANES :], firsts, lasts)


def _signature(number: types.Type) -> Any:
    """Of columns as memory maps give them: in one piece, and read-only; those that can be written pass too."""
    column = types.Array(number, 1, "C", readonly=True)
    return types.void(column, column, column, types.uint64[::1])


# For these types alone, so that no question ever waits for the compiler.
mark = njit([_signature(number) for number in (types.int8, types.int16, types.int32)], nogil=True, cache=True)(_mark)


def _bits(word: Any) -> Any:
    """How many bits of a word are set: in pairs, fours and bytes, which the compiler knows as one instruction."""
    word = word - ((word >> ONE) & BITS)
    word = (word & PAIRS) + ((word >> TWO) & PAIRS)
    word = (word + (word >> FOUR)) & FOURS
    return (word * LOWEST) >> HIGHEST_BYTE


_bits_of = njit(inline="always")(_bits)


def _count_both(ours: np.ndarray, theirs: np.ndarray) -> Any:
    """How many bits are set in both of two sets, (n,) uint64 each."""
    found = np.uint64(0)
    for word in range(len(ours)):
        found += _bits_of(ours[word] & theirs[word])
    return found


_WORDS = types.Array(types.uint64, 1, "C", readonly=True)

count_both = njit([types.int64(_WORDS, _WORDS)], nogil=True, cache=True)(_count_both)
