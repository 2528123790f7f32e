"""What memory alone takes: to read the columns of rows and write as many numbers for each, with nothing worked out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from campaigns.scoring import lanes
from campaigns.scoring.lanes import LANES
from campaigns.scoring.packed import past_cache, placed

_READ = types.Array(types.float32, 1, "C", readonly=True)

Rows = NDArray[np.float32]


def pass_by(rows: Rows, out: Rows) -> None:
    """Reads rows (n, d), column after column in memory, n at least 16, and writes `out` (n, k) in one piece, past the
    cache where it begins with a cache's line, as scoring does."""
    found, flat = placed(rows), out.reshape(-1)
    _pass_by(found.numbers, found.across, rows.shape[1], flat, *out.shape, past_cache(flat))


def _compiled(loop: Callable[..., None]) -> Callable[..., None]:
    arguments = (_READ, *[types.intp] * 2, types.float32[::1], *[types.intp] * 2, types.boolean)
    found: Callable[..., None] = njit(types.void(*arguments), nogil=True, cache=True)(loop)
    return found


@_compiled
def _pass_by(numbers: Any, across: int, columns: int, out: Any, members: int, offers: int, past: bool) -> None:
    for start in range(0, members, LANES):
        first = min(start, members - LANES)
        read = lanes.load(numbers, first)
        for column in range(1, columns):
            read = lanes.plus(read, lanes.load(numbers, column * across + first))
        for at in range(first * offers, (first + LANES) * offers, LANES):
            if past and first == start:
                lanes.stream(out, at, read)
            else:
                lanes.store(out, at, read)
