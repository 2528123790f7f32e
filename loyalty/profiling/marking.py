"""The innermost loops of counting, compiled: a column is read once, and who passes becomes bits while it is at hand.

Importing this takes a second, and compiling three more unless numba's cache has it: see `kernels`.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from loyalty.profiling.bitset import WORD_BITS

# Words of which the rows stay in the first cache, however many runs there are.
AT_ONCE = 64
# Every other bit, pair and four of a word, and the lowest bit of each byte.
BITS, PAIRS, FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
HIGHEST_BYTE = np.uint64(56)
LOWEST = np.uint64(0x0101010101010101)
NONE, ONE, TWO, FOUR = (np.uint64(number) for number in (0, 1, 2, 4))


@intrinsic
def _within(typing: Any, column: types.Type, row: types.Type, first: types.Type, last: types.Type) -> Any:
    """A word with a bit for each of 64 rows of a column: whether its number is from the first to the last.

    In the compiler's own language, as it makes no vectors of a loop that puts bits together: the distances from the
    first are unsigned, so that one comparison is enough, and as many of them at once as the processor has room for.
    """

    def told(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        number = context.get_value_type(column.dtype)
        rows = ir.VectorType(number, WORD_BITS)
        start = builder.gep(context.make_array(column)(context, builder, given[0]).data, [given[1]])
        numbers = builder.load(builder.bitcast(start, rows.as_pointer()), align=column.dtype.bitwidth // 8)
        lowest, width = given[2], builder.sub(given[3], given[2])
        distances = builder.sub(numbers, _everywhere(builder, rows, lowest))
        inside = builder.icmp_unsigned("<=", distances, _everywhere(builder, rows, width))
        return builder.bitcast(inside, ir.IntType(WORD_BITS))

    return types.uint64(column, types.intp, column.dtype, column.dtype), told


def _everywhere(builder: Any, rows: ir.VectorType, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(rows, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    nowhere_else = ir.Constant(ir.VectorType(ir.IntType(32), rows.count), None)
    return builder.shuffle_vector(one, ir.Constant(rows, ir.Undefined), nowhere_else)


def _mark(column: np.ndarray, firsts: np.ndarray, lasts: np.ndarray, words: np.ndarray) -> None:
    """Write a bit for each row of an (n,) column: whether its number is in one of the runs.

    `firsts` and `lasts` are (m,) of the column's type, m at least 1; `words` is (ceil(n / 64),) uint64.
    """
    whole = len(column) // WORD_BITS
    for start in range(0, whole, AT_ONCE):
        end = min(start + AT_ONCE, whole)
        for run in range(len(firsts)):
            first, last = firsts[run], lasts[run]
            for word in range(start, end):
                inside = _within(column, word * WORD_BITS, first, last)
                words[word] = words[word] | inside if run else inside
    for word in range(whole, len(words)):
        words[word] = NONE
        for row in range(whole * WORD_BITS, len(column)):
            for run in range(len(firsts)):
                if firsts[run] <= column[row] <= lasts[run]:
                    words[word] |= ONE << np.uint64(row % WORD_BITS)


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
