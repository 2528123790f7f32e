"""SHA-256 of many short texts, compiled. The rounds are those of FIPS 180-4, 6.2.

Importing this takes a second, and compiling some more unless numba's cache
has it: see `digests`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLOCK_BYTES = 64
LENGTH_BYTES = 9  # the bit after the text, and the eight bytes of its length

# The first 32 bits of what follows the point in the cube roots of the first 64 primes, and in the square roots of 8.
_PRIMES = [n for n in range(2, 312) if all(n % d for d in range(2, int(n**0.5) + 1))]


def _fraction(prime: int, root: int) -> int:
    """By whole numbers, since floats do not have so many digits: floor(prime^(1/root) × 2^32) modulo 2^32."""
    wanted, low, high = prime << (32 * root), 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**root <= wanted else (low, middle)
    return low % 2**32


ROUNDS: NDArray[np.uint32] = np.array([_fraction(prime, 3) for prime in _PRIMES], dtype=np.uint32)
START: NDArray[np.uint32] = np.array([_fraction(prime, 2) for prime in _PRIMES[:8]], dtype=np.uint32)


@njit(nogil=True, cache=True, inline="always")
def _turned(word, by):  # type: ignore[no-untyped-def]
    return np.uint32(word >> np.uint32(by)) | np.uint32(word << np.uint32(32 - by))


@njit(nogil=True, cache=True)
def _lay(message, begun, text, start, length):  # type: ignore[no-untyped-def]
    """Put the text behind the prefix, which is `begun` bytes and there already, and pad; how many blocks that is."""
    size = begun + length
    blocks = (size + LENGTH_BYTES + BLOCK_BYTES - 1) // BLOCK_BYTES
    for at in range(length):
        message[begun + at] = text[start + at]
    message[size] = 128
    end = blocks * BLOCK_BYTES
    for at in range(size + 1, end):
        message[at] = 0
    bits = size * 8
    for byte in range(4):
        message[end - 1 - byte] = (bits >> (8 * byte)) & 255
    return blocks


@njit(nogil=True, cache=True)
def _spread(words, message, block):  # type: ignore[no-untyped-def]
    """The 64 words that one block of the message becomes."""
    first = block * BLOCK_BYTES
    for t in range(16):
        at = first + 4 * t
        high = np.uint32(message[at] << np.uint32(24)) | np.uint32(message[at + 1] << np.uint32(16))
        words[t] = high | np.uint32(message[at + 2] << np.uint32(8)) | np.uint32(message[at + 3])
    for t in range(16, 64):
        early, late = words[t - 15], words[t - 2]
        one = _turned(early, 7) ^ _turned(early, 18) ^ np.uint32(early >> np.uint32(3))
        two = _turned(late, 17) ^ _turned(late, 19) ^ np.uint32(late >> np.uint32(10))
        words[t] = np.uint32(words[t - 16] + one + words[t - 7] + two)


@njit(nogil=True, cache=True)
def _absorb(total, words):  # type: ignore[no-untyped-def]
    a, b, c, d = total[0], total[1], total[2], total[3]
    e, f, g, h = total[4], total[5], total[6], total[7]
    for t in range(64):
        mixed = _turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)
        one = np.uint32(h + mixed + ((e & f) ^ (~e & g)) + ROUNDS[t] + words[t])
        turned = _turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)
        two = np.uint32(turned + ((a & b) ^ (a & c) ^ (b & c)))
        h, g, f, e = g, f, e, np.uint32(d + one)
        d, c, b, a = c, b, a, np.uint32(one + two)
    for word, value in enumerate((a, b, c, d, e, f, g, h)):
        total[word] = np.uint32(total[word] + value)


@njit(nogil=True, cache=True)
def hash_each(prefix, text, start, length, found):  # type: ignore[no-untyped-def]
    """Write the digest of the prefix and `text[start : start + length]` of each of n members into `found` (n, 4).

    `prefix` and `text` are uint8, `start` and `length` (n,); digests are four big-endian numbers, uint64.
    """
    total, words = np.empty(8, np.uint32), np.empty(64, np.uint32)
    message = np.zeros(len(prefix) + length.max() + 2 * BLOCK_BYTES, np.uint8)
    message[: len(prefix)] = prefix
    for row in range(len(start)):
        blocks = _lay(message, len(prefix), text, start[row], length[row])
        total[:] = START
        for block in range(blocks):
            _spread(words, message, block)
            _absorb(total, words)
        for word in range(4):
            high, low = np.uint64(total[2 * word]), np.uint64(total[2 * word + 1])
            found[row, word] = (high << np.uint64(32)) | low
