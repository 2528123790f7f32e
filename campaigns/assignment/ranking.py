"""Compiled: the best of one member's offers, in order. See `kernels` for why importing this takes a second."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])
Array = np.ndarray


def compiled(loop: Loop) -> Loop:
    made: Loop = njit(nogil=True, cache=True, error_model="numpy")(loop)
    return made


@compiled
def rank(best: Array, top: Array, top_at: Array) -> None:
    """The highest values above 0 in order, the first ones first among equals, and where they were found."""
    top[:] = 0.0
    top_at[:] = -1
    last = len(top) - 1
    for c in range(len(best)):
        if best[c] > top[last]:
            place = last
            while place > 0 and best[c] > top[place - 1]:
                top[place], top_at[place] = top[place - 1], top_at[place - 1]
                place -= 1
            top[place], top_at[place] = best[c], c


@compiled
def by_category(reduced: Array, category: Array, best: Array, second: Array, at: Array) -> None:
    """The best of each category, the second best, or 0, and at which offer the best was found."""
    best[:] = -np.inf
    second[:] = 0.0
    for j in range(len(reduced)):
        c = category[j]
        if reduced[j] > best[c]:
            second[c] = max(second[c], best[c])
            best[c], at[c] = reduced[j], j
        elif reduced[j] > second[c]:
            second[c] = reduced[j]


@compiled
def give(top: Array, top_at: Array, at: Array, most: int, offer: Array, i: int) -> float:
    """Writes down the offers of one member's places, and says what they keep by them."""
    kept = 0.0
    for place in range(offer.shape[1]):
        is_free = place < most and top[place] > 0
        offer[i, place] = at[top_at[place]] if is_free else -1
        kept += top[place] if place < most else 0.0
    return kept
