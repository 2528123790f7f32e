"""Which members pass a test: the columns are read once, by all cores at once, in few blocks: each costs a handover."""

from collections.abc import Callable, Sequence

import numpy as np

from loyalty.profiling.bitset import WORD_BITS, Bitset, pack, words_for
from loyalty.profiling.cores import share

# Of a slice of the rows: an array of bool, one per row, true where the member passes.
Test = Callable[[slice], np.ndarray]
# Writes the same as bits into the words of the slice, (ceil(rows / 64),) uint64 that are 0.
Mark = Callable[[slice, np.ndarray], None]

BLOCK_ROWS = 2**20


def scan(marks: Sequence[Mark], rows: int) -> list[Bitset]:
    """For each mark, the rows 0 to `rows` - 1 that pass; each block is put to all of them while it is at hand."""
    found = [np.zeros(words_for(rows), dtype=np.uint64) for _ in marks]

    def read(start: int) -> None:
        block = slice(start, min(start + BLOCK_ROWS, rows))
        within = slice(start // WORD_BITS, words_for(block.stop))
        for mark, words in zip(marks, found, strict=True):
            mark(block, words[within])

    share(read, range(0, rows, BLOCK_ROWS))
    return [Bitset(words, rows) for words in found]


def packed(test: Test) -> Mark:
    """The bits of what a test says."""
    return lambda rows, words: pack(test(rows), words.view(np.uint8), start=0)
