"""Where ids are among others."""

import numpy as np


def positions(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where each wanted id is among the ids, which ascend; -1 for one that is not there (any more)."""
    if not len(ids):
        return np.full(len(wanted), -1)
    positions = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[positions] == wanted, positions, -1)
