"""Who is held out: a salted hash, so that nothing needs to be stored and nothing can be chosen."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray


def uniforms(units: Sequence[str], *, salt: str) -> NDArray[np.float64]:
    """One number in [0, 1) per unit, (n,): the first 8 bytes of SHA-256(salt | unit), big-endian, over 2^64.

    The same salt and unit give the same number wherever and whenever; another salt gives an unrelated one. Raises
    ValueError for an empty salt, with which all campaigns would hold out the same members.
    """
    if not salt:
        raise ValueError("A holdout needs a salt of its own: give one, and never change it.")
    prefix = f"{salt}|"
    digests = b"".join([sha256((prefix + unit).encode()).digest()[:8] for unit in units])
    # The topmost 2^10 of the 2^64 values would round up to 1.
    return np.minimum(np.frombuffer(digests, dtype=">u8") / 2.0**64, np.nextafter(1.0, 0.0))


def arms(units: Sequence[str], *, salt: str, share_held_out: float) -> NDArray[np.bool_]:
    """True (n,) for the units held out: those whose number is below the share. A larger share keeps all of them.

    Raises ValueError when the share is not between 0 and 1.
    """
    if not 0 <= share_held_out <= 1:
        raise ValueError(f"The share held out is {share_held_out}: give one between 0 and 1.")
    return uniforms(units, salt=salt) < share_held_out
