"""Which members pass: the columns are read once, by all cores at once, in few blocks: each costs a handover.

What says who passes may be joined of others; then it is joined block by block, while their bits are at hand.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from loyalty.profiling.bitset import WORD_BITS, Bitset, pack, words_for
from loyalty.profiling.cores import share

# Of a slice of the rows: an array of bool, one per row, true where the member passes.
Test = Callable[[slice], np.ndarray]
# Writes the same as bits over the words of the slice, (ceil(rows / 64),) uint64; bits past the last row say nothing.
Mark = Callable[[slice, np.ndarray], None]

BLOCK_ROWS = 2**20


def scan(marks: Sequence[Mark], rows: int) -> list[Bitset]:
    """For each mark, the rows 0 to `rows` - 1 that pass; each block is put to all of them while it is at hand."""
    found = [np.empty(words_for(rows), dtype=np.uint64) for _ in marks]

    def read(start: int) -> None:
        block = slice(start, min(start + BLOCK_ROWS, rows))
        within = slice(start // WORD_BITS, words_for(block.stop))
        for mark, words in zip(marks, found, strict=True):
            mark(block, words[within])

    share(read, range(0, rows, BLOCK_ROWS))
    return [Bitset.of_words(words, rows) for words in found]


def packed(test: Test) -> Mark:
    """The bits of what a test says."""
    return lambda rows, words: pack(test(rows), words.view(np.uint8), start=0)


def looked_up(found: Bitset) -> Mark:
    """The members of a set that is there."""
    return lambda rows, words: np.copyto(words, found.words[rows.start // WORD_BITS : words_for(rows.stop)])


def everybody(rows: slice, words: np.ndarray) -> None:
    words[:] = np.iinfo(np.uint64).max


def nobody(rows: slice, words: np.ndarray) -> None:
    words[:] = 0


def every(parts: Sequence[Mark]) -> Mark:
    """Those whom all of one or more pass."""
    return partial(_join, np.bitwise_and, parts)


def some(parts: Sequence[Mark]) -> Mark:
    """Those whom at least one of one or more passes."""
    return partial(_join, np.bitwise_or, parts)


def others(part: Mark) -> Mark:
    """Those who do not pass."""

    def mark(rows: slice, words: np.ndarray) -> None:
        part(rows, words)
        np.invert(words, out=words)

    return mark


def _join(join: np.ufunc, parts: Sequence[Mark], rows: slice, words: np.ndarray) -> None:
    parts[0](rows, words)
    own = np.empty_like(words)
    for part in parts[1:]:
        part(rows, own)
        join(words, own, out=words)
