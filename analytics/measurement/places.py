"""Where the sums of every member are, by the codes of one cut or two: cells times `PER_CELL`, as `packed` has them."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analytics.measurement.lanes import TERMS, TURNS

Codes = NDArray[np.integer]
Places = NDArray[np.uint32]

PER_CELL = TURNS * TERMS


def _extent(numbers: NDArray) -> tuple[Any, Any]:
    """The lowest and the highest of some."""
    lowest = highest = numbers[0]
    for row in range(len(numbers)):
        lowest, highest = min(lowest, numbers[row]), max(highest, numbers[row])
    return lowest, highest


def _know(codes: Codes, parts: int) -> Any:
    """Whether all are codes of so many parts, of which the first is nobody's."""
    lowest, highest = extent(codes)
    return lowest >= -1 and highest < parts - 1


def _find(codes: Codes, parts: int, places: Places) -> bool:
    """Of one cut; False where a code names no part."""
    if not _known(codes, parts):
        return False
    for row in range(len(codes)):
        places[row] = np.int32(codes[row] + 1) * np.int32(PER_CELL)
    return True


def _find_crossed(first: Codes, second: Codes, parts: int, width: int, places: Places) -> bool:
    """Of two; the second's parts are `width`."""
    if not (_known(first, parts) and _known(second, width)):
        return False
    across, nobodys = np.int32(width * PER_CELL), np.int32((width + 1) * PER_CELL)
    for row in range(len(first)):
        places[row] = np.int32(first[row]) * across + np.int32(second[row]) * np.int32(PER_CELL) + nobodys
    return True


extent, _known, find, find_crossed = (njit(each) for each in (_extent, _know, _find, _find_crossed))
