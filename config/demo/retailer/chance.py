"""Chance without state: a question with the same counters has the same answer, whoever asks, in whatever order."""

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def uniforms(purpose: str, *counters: ArrayLike) -> Floats:
    """Numbers in (0, 1), one per combination of the broadcast counters, independent between purposes and counters.

    Each counter goes through the finaliser of SplitMix64 (Steele, Lea and Flood 2014), started from the purpose's hash.
    """
    start = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "big")
    state = np.full(1, start, dtype=np.uint64)
    for counter in counters:
        state = _mix(state + (np.asarray(counter, dtype=np.int64).view(np.uint64) + np.uint64(1)) * _STEP)
    return ((state >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))


def ladder(weights: Floats) -> Floats:
    """The rows of `weights` (r, c) as one ascending array (r * c,) in which row i climbs from i to i + 1."""
    steps = np.cumsum(weights, axis=1)
    steps = steps / steps[:, -1:] + np.arange(len(weights))[:, None]
    return steps.ravel()


def climb(steps: Floats, row: NDArray[np.integer], uniform: Floats, *, width: int) -> Ints:
    """For each uniform, the column of its row of a `ladder` with rows of `width`, drawn by the row's weights."""
    column = np.searchsorted(steps, row + uniform, side="right") - row * width
    return np.clip(column, 0, width - 1)
