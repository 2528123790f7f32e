"""Of our own runs: who got what by chance alone, and what chance could have given them.

Chance decides who is held out, and what explorers draw (`campaigns.assignment.exploration`). What the others got was
chosen for them, and what those held out would have got instead is not known: so the others are left out. Of members
held out or exploring, with m offers open to one,

    P(nothing) : P(offer j) = h : (1 − h) e t_j / m

where t_j, with which probability a draw of offer j stood, is what was drawn over what would have been, had all stood.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.draws import NOTHING

Array = NDArray[np.float64]


class Design(NamedTuple):
    """As in `Draws`: every set of chances (q, k), and (m,) which of them each decision was drawn with."""

    chances: Array
    design: NDArray[np.int32]


def design(allowed: NDArray[np.bool_], offer: NDArray[np.integer], *, held_out: float, explored: float) -> Design:
    """Of m members held out or exploring: the offers open to each (m, k), and the one drawn, NOTHING where held out.

    Each has one open at the least, and drew one that is.
    """
    sets, of = np.unique(allowed, axis=0, return_inverse=True)
    drawn = (1 - held_out) * explored * sets / np.maximum(sets.sum(axis=1, keepdims=True), 1)
    drawn *= _stands(drawn[of], offer, held_out=held_out)
    return Design(drawn / (held_out + drawn.sum(axis=1, keepdims=True)), of.astype(np.int32).ravel())


def _stands(drawn: Array, offer: NDArray[np.integer], *, held_out: float) -> Array:
    """t (k,), at most 1: the held out are a share of all, so they tell how often each offer would have been drawn."""
    expected = drawn[offer == NOTHING].sum(axis=0) / held_out
    found = np.bincount(offer[offer != NOTHING], minlength=drawn.shape[1])
    ratio = np.divide(found, expected, out=np.ones(len(expected)), where=expected > 0)
    return np.asarray(np.minimum(ratio, 1.0), dtype=np.float64)
