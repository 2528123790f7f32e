"""SHA-256 of a prefix and each member's reference: by the standard library, or for many by a compiled loop."""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from loyalty.profiling.cores import share
from loyalty.profiling.refs import Refs

WORDS = 4  # of 64 bits in a digest
# Of fewer, bringing the compiler along takes longer than they do.
WORTH_COMPILING = 200_000
AT_ONCE = 2**17


def digests(prefix: str, refs: Refs) -> NDArray[np.uint64]:
    """(n, 4): the SHA-256 (FIPS 180-4) of the prefix and the reference of each member, as big-endian numbers."""
    found = np.empty((len(refs), WORDS), dtype=np.uint64)
    if len(refs) < WORTH_COMPILING:
        found[:] = _by_library(prefix.encode(), refs)
        return found
    from campaigns.assignment.sha256 import hash_each  # heavy: brings the compiler

    begun = np.frombuffer(prefix.encode(), dtype=np.uint8)

    def hashed(first: int) -> None:
        some = slice(first, first + AT_ONCE)
        hash_each(begun, refs.text, refs.start[some], refs.length[some], found[some])

    share(hashed, range(0, len(refs), AT_ONCE))
    return found


def _by_library(prefix: bytes, refs: Refs) -> NDArray[np.uint64]:
    told = b"".join([sha256(prefix + refs[row]).digest() for row in range(len(refs))])
    return np.frombuffer(told, dtype=">u8").reshape(-1, WORDS).astype(np.uint64)
