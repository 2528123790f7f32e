"""Which members pass a test: the columns are read once, in blocks that fit the cache, by all cores at once."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from loyalty.profiling.bitset import Bitset, pack, words_for

# Of a slice of the rows: an array of bool, one per row, true where the member passes.
Test = Callable[[slice], np.ndarray]

BLOCK_ROWS = 2**19


def scan(passes: Test, rows: int) -> Bitset:
    """The rows 0 to `rows` - 1 that pass; NumPy lets other threads run while it compares, so the cores share it."""
    words = np.zeros(words_for(rows), dtype=np.uint64)
    packed = words.view(np.uint8)

    def read(start: int) -> None:
        pack(passes(slice(start, min(start + BLOCK_ROWS, rows))), packed, start=start)

    starts = range(0, rows, BLOCK_ROWS)
    if len(starts) > 1:
        list(_threads(os.getpid()).map(read, starts))
    else:
        for start in starts:
            read(start)
    return Bitset(words, rows)


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """One pool per process: threads do not survive a fork."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="scan")
