"""The innermost loops of counting, compiled: a column is read once, and who passes becomes bits while it is at hand.

Importing this takes a second, and compiling three more unless numba's cache has it: see `kernels`.
"""

from typing import Any

import numpy as np
from numba import njit, types

# Of which a byte for each stays in the first cache, however many runs there are.
AT_ONCE = 4096
# Times this, eight bytes of 0 or 1 have their lowest bits side by side in the highest byte.
GATHERING = np.uint64(0x0102040810204080)
HIGHEST_BYTE = np.uint64(56)
# Every other bit, pair and four of a word, and the lowest bit of each byte.
BITS, PAIRS, FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
LOWEST = np.uint64(0x0101010101010101)
ONE, TWO, FOUR = np.uint64(1), np.uint64(2), np.uint64(4)


def _mark(column: np.ndarray, firsts: np.ndarray, lasts: np.ndarray, words: np.ndarray) -> None:
    """Write a bit for each row of an (n,) column: whether its number is in one of the runs.

    `firsts` and `lasts` are (m,) of the column's type, m at least 1; `words` is (ceil(n / 64),) uint64, in which the
    bytes past the last row stay as they are.
    """
    is_in = np.zeros(AT_ONCE, dtype=np.uint8)
    eights, packed = is_in.view(np.uint64), words.view(np.uint8)
    for start in range(0, len(column), AT_ONCE):
        numbers = column[start : start + AT_ONCE]
        first, last = firsts[0], lasts[0]
        for row in range(len(numbers)):
            is_in[row] = (numbers[row] >= first) & (numbers[row] <= last)
        for run in range(1, len(firsts)):
            first, last = firsts[run], lasts[run]
            for row in range(len(numbers)):
                is_in[row] |= (numbers[row] >= first) & (numbers[row] <= last)
        is_in[len(numbers) :] = 0
        into = packed[start // 8 : (start + len(numbers) + 7) // 8]
        for byte in range(len(into)):
            into[byte] = np.uint8((eights[byte] * GATHERING) >> HIGHEST_BYTE)


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
