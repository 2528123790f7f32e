"""How loops are compiled: kept on disk for the next process, and run while other threads run."""

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    made: Loop = njit(nogil=True, cache=True)(loop)
    return made


def inlined(loop: Loop) -> Loop:
    """For what a loop does with each cell."""
    made: Loop = njit(nogil=True, cache=True, inline="always")(loop)
    return made
