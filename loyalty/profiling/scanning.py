"""Which members pass a test: the columns are read once, by all cores at once, in few blocks: each costs a handover."""

from collections.abc import Callable, Sequence

import numpy as np

from loyalty.profiling.bitset import Bitset, pack, words_for
from loyalty.profiling.cores import share

# Of a slice of the rows: an array of bool, one per row, true where the member passes.
Test = Callable[[slice], np.ndarray]

BLOCK_ROWS = 2**20


def scan(tests: Sequence[Test], rows: int) -> list[Bitset]:
    """For each test, the rows 0 to `rows` - 1 that pass; each block is put to all tests while it is at hand."""
    found = [np.zeros(words_for(rows), dtype=np.uint64) for _ in tests]

    def read(start: int) -> None:
        block = slice(start, min(start + BLOCK_ROWS, rows))
        for passes, words in zip(tests, found, strict=True):
            pack(passes(block), words.view(np.uint8), start=start)

    share(read, range(0, rows, BLOCK_ROWS))
    return [Bitset(words, rows) for words in found]
