"""Who is held out: a salted hash, so that nothing needs to be stored and nothing can be chosen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.digests import digests
from loyalty.profiling.refs import Refs

Units = Sequence[str] | Refs


def uniforms(units: Units, *, salt: str) -> NDArray[np.float64]:
    """One number in [0, 1) per unit, (n,): the first 8 bytes of SHA-256(salt | unit), big-endian, over 2^64.

    The same salt and unit give the same number wherever and whenever; another salt gives an unrelated one. Raises
    ValueError for an empty salt, with which all campaigns would hold out the same members.
    """
    return as_uniforms(hashes(units, salt=salt)[:, 0])


def hashes(units: Units, *, salt: str) -> NDArray[np.uint64]:
    """(n, 4): the whole SHA-256(salt | unit) of each unit, as four big-endian numbers; ValueError as `uniforms`."""
    if not salt:
        raise ValueError("A holdout needs a salt of its own: give one, and never change it.")
    return digests(f"{salt}|", units if isinstance(units, Refs) else Refs.of(list(units)))


def as_uniforms(numbers: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Numbers of 64 bits as numbers in [0, 1)."""
    # The topmost 2^10 of the 2^64 values would round up to 1.
    return np.minimum(numbers / 2.0**64, np.nextafter(1.0, 0.0))


def arms(units: Units, *, salt: str, share_held_out: float) -> NDArray[np.bool_]:
    """True (n,) for the units held out: those whose number is below the share. A larger share keeps all of them.

    Raises ValueError when the share is not between 0 and 1.
    """
    if not 0 <= share_held_out <= 1:
        raise ValueError(f"The share held out is {share_held_out}: give one between 0 and 1.")
    return uniforms(units, salt=salt) < share_held_out
