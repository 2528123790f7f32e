"""Chance without a generator: equal values are put in an order that depends on the member's tie and nothing else."""

import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
LARGEST_CUT = 1e-7


def fractions(tie: NDArray[np.uint64], offers: int) -> NDArray[np.float64]:
    """A number in [0, 1) per member and offer, (n, offers), from SplitMix64 (Steele, Lea and Flood, 2014)."""
    return _mixed(np.asarray(tie, dtype=np.uint64)[:, None] + GOLDEN * np.arange(1, offers + 1, dtype=np.uint64))


def lots(tie: NDArray[np.uint64]) -> NDArray[np.float64]:
    """A number in [0, 1) per member, (n,), which says nothing of those per member and offer."""
    return _mixed(np.asarray(tie, dtype=np.uint64))


def _mixed(mixed: NDArray[np.uint64]) -> NDArray[np.float64]:
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)
    return np.asarray(mixed * 2.0**-53)


def separated(values: NDArray[np.float64], fractions: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values (n, k), each cut by at most a ten-millionth of itself, so that no two members tie. Signs are kept."""
    return np.asarray(values * (1 - LARGEST_CUT * fractions))
