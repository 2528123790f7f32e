"""Putting whole numbers in order, and finding where others begin."""

import numpy as np


def in_order(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m,) keys from 0 in order, and the positions they had: sorting both as one number is far faster than argsort."""
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > 63:
        order = np.argsort(keys)
        return keys[order], order
    both = np.sort(keys << bits | np.arange(len(keys)))
    return both >> bits, both & ((1 << bits) - 1)


def starts(*columns: np.ndarray) -> np.ndarray:
    """The positions at which any of these (m,) columns has another value than before, the first included."""
    return np.flatnonzero(changes(*columns))


def changes(*columns: np.ndarray) -> np.ndarray:
    """Where any of these (m,) columns has another value than before, (m,) bool; the first row has."""
    changed = np.zeros(len(columns[0]), dtype=bool)
    changed[:1] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed
