"""The compiled loop of counting, fetched aside when there is first a use for it; until it is there, NumPy counts."""

from collections.abc import Callable
from threading import Lock, Thread

import numpy as np

# The column, the first and the last numbers of the runs, and the words for its bits: `marking.mark`.
Kernel = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], None]

# Fewer rows take a millisecond either way; so processes that see no more never load the compiler.
WORTH_ROWS = 2**20
TYPES = (np.dtype(np.int8), np.dtype(np.int16), np.dtype(np.int32))

_fetched: list[Kernel] = []
# Taken once and never given back. A process that is forked meanwhile goes on with NumPy: threads do not survive a fork.
_begun = Lock()


def marking(column: np.ndarray) -> Kernel | None:
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
    return _fetched[0] if _fetched else None


def _fetch() -> None:
    from loyalty.profiling.marking import mark  # heavy: brings the compiler

    _fetched.append(mark)
