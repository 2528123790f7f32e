"""Putting whole numbers in order."""

import numpy as np


def in_order(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m,) keys from 0 in order, and the positions they had: sorting both as one number is far faster than argsort."""
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > 63:
        order = np.argsort(keys)
        return keys[order], order
    both = np.sort(keys << bits | np.arange(len(keys)))
    return both >> bits, both & ((1 << bits) - 1)
