"""The compiled loops of counting, fetched aside when there is first a use for them; until then, NumPy counts."""

from collections.abc import Callable
from threading import Lock, Thread
from typing import NamedTuple

import numpy as np

# The column, the first and the last numbers of the runs, and the words for its bits: `marking.mark`.
Marking = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], None]
# The words of two sets: `marking.count_both`.
Counting = Callable[[np.ndarray, np.ndarray], int]


class Kernels(NamedTuple):
    mark: Marking
    count_both: Counting


# Fewer rows take a millisecond either way; so processes that see no more never load the compiler.
WORTH_ROWS = 2**20
WORD_BITS = 64
TYPES = (np.dtype(np.int8), np.dtype(np.int16), np.dtype(np.int32))

_fetched: list[Kernels] = []
# Taken once and never given back. A process that is forked meanwhile goes on with NumPy: threads do not survive a fork.
_begun = Lock()


def marking(column: np.ndarray) -> Marking | None:
    """What marks the runs of such a column; None where it is not worth its while, not there yet, or not for this type.

    The first call for a column that is worth it starts fetching, and waits for nothing.
    """
    if (
        len(column) < WORTH_ROWS
        or column.dtype not in TYPES
        or not (column.flags.c_contiguous and column.flags.aligned)
    ):
        return None
    if _begun.acquire(blocking=False):
        Thread(target=_fetch, name="kernels", daemon=True).start()
    return _fetched[0].mark if _fetched else None


def counting(words: np.ndarray) -> Counting | None:
    """What counts the rows of such a set; None where it is not worth its while, or was not fetched for a column yet."""
    return _fetched[0].count_both if _fetched and len(words) * WORD_BITS >= WORTH_ROWS else None


def _fetch() -> None:
    from loyalty.profiling.marking import count_both, mark  # heavy: brings the compiler

    _fetched.append(Kernels(mark, count_both))
