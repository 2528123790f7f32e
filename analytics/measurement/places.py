"""Where the sums of every member are, by the codes of one cut or two: in cells that are 2^`bits` numbers apart."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.integer]
Places = NDArray[np.uint32]


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


def _find(codes: Codes, parts: int, bits: int, places: Places) -> bool:
    """Of one cut; False where a code names no part."""
    if not _known(codes, parts):
        return False
    apart = np.int32(1 << bits)  # of 32 bits like the places, and worked out beforehand, it is multiplied the fastest
    for row in range(len(codes)):
        places[row] = np.int32(codes[row]) * apart + apart
    return True


def _find_crossed(first: Codes, second: Codes, parts: int, width: int, bits: int, places: Places) -> bool:
    """Of two; the second's parts are `width`."""
    if not (_known(first, parts) and _known(second, width)):
        return False
    across, apart, nobodys = np.int32(width << bits), np.int32(1 << bits), np.int32((width + 1) << bits)
    for row in range(len(first)):
        places[row] = np.int32(first[row]) * across + np.int32(second[row]) * apart + nobodys
    return True


extent, _known, find, find_crossed = (njit(each) for each in (_extent, _know, _find, _find_crossed))
