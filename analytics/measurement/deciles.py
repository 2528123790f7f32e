"""Which tenth of the members each is in, by what was predicted of them."""

import numpy as np
from numpy.typing import NDArray

TENTHS = 10


def tenths(predicted: NDArray[np.float64]) -> NDArray[np.int8]:
    """(n,) 0 for the lowest tenth of the predictions to 9, -1 without one; members with the same stay together, in the
    tenth where the first of them is."""
    known = predicted[~np.isnan(predicted)]
    if not known.size:
        return np.full(predicted.shape, -1, dtype=np.int8)
    # A tenth begins above so many members: who is above none of these is in the first.
    below = -(-np.arange(1, TENTHS) * known.size // TENTHS) - 1
    starts = np.partition(known, below)[below]
    return np.where(np.isnan(predicted), -1, np.searchsorted(starts, predicted, side="left")).astype(np.int8)
