"""SHA-256 of many short texts, compiled. The rounds are those of FIPS 180-4, 6.2.

Several texts are hashed in step, each in a lane, so that the compiler makes vectors of them. For it to see that they
do not touch one another, word w of lane l is at w × LANES + l of an array without rows.

Importing this takes a second, and compiling some more unless numba's cache has it: see `digests`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLOCK_BYTES = 64
LANES = 16
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
def _spread(words, messages, block):  # type: ignore[no-untyped-def]
    """The 64 words that one block of each message becomes."""
    for lane in range(LANES):
        message = messages[lane]
        for t in range(16):
            at = block * BLOCK_BYTES + 4 * t
            high = np.uint32(message[at] << np.uint32(24)) | np.uint32(message[at + 1] << np.uint32(16))
            words[t * LANES + lane] = high | np.uint32(message[at + 2] << np.uint32(8)) | np.uint32(message[at + 3])
    for t in range(16, 64):
        for lane in range(t * LANES, t * LANES + LANES):
            early, late = words[lane - 15 * LANES], words[lane - 2 * LANES]
            one = _turned(early, 7) ^ _turned(early, 18) ^ np.uint32(early >> np.uint32(3))
            two = _turned(late, 17) ^ _turned(late, 19) ^ np.uint32(late >> np.uint32(10))
            words[lane] = np.uint32(words[lane - 16 * LANES] + one + words[lane - 7 * LANES] + two)


@njit(nogil=True, cache=True)
def _turn(state, words):  # type: ignore[no-untyped-def]
    """The 64 rounds."""
    for t in range(64):
        for lane in range(LANES):
            a, b, c, d = state[lane], state[LANES + lane], state[2 * LANES + lane], state[3 * LANES + lane]
            e, f, g, h = (
                state[4 * LANES + lane],
                state[5 * LANES + lane],
                state[6 * LANES + lane],
                state[7 * LANES + lane],
            )
            mixed = _turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)
            one = np.uint32(h + mixed + ((e & f) ^ (~e & g)) + ROUNDS[t] + words[t * LANES + lane])
            turned = _turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)
            two = np.uint32(turned + ((a & b) ^ (a & c) ^ (b & c)))
            state[lane], state[LANES + lane] = np.uint32(one + two), a
            state[2 * LANES + lane], state[3 * LANES + lane] = b, c
            state[4 * LANES + lane], state[5 * LANES + lane] = np.uint32(d + one), e
            state[6 * LANES + lane], state[7 * LANES + lane] = f, g


@njit(nogil=True, cache=True)
def _absorb(total, words, blocks, block):  # type: ignore[no-untyped-def]
    """Add what the block makes of the digests, of those messages that have so many."""
    state = total.copy()
    _turn(state, words)
    for word in range(8):
        for lane in range(LANES):
            if block < blocks[lane]:
                total[word * LANES + lane] += state[word * LANES + lane]


@njit(nogil=True, cache=True)
def hash_each(prefix, text, start, length, found):  # type: ignore[no-untyped-def]
    """Write the digest of the prefix and `text[start : start + length]` of each of n members into `found` (n, 4).

    `prefix` and `text` are uint8, `start` and `length` (n,); digests are four big-endian numbers, uint64.
    """
    n, words, total = len(start), np.empty(64 * LANES, np.uint32), np.empty(8 * LANES, np.uint32)
    blocks = np.empty(LANES, np.int64)
    messages = np.zeros((LANES, len(prefix) + length.max() + 2 * BLOCK_BYTES), np.uint8)
    messages[:, : len(prefix)] = prefix
    for first in range(0, n, LANES):
        for lane in range(LANES):
            row = min(first + lane, n - 1)  # the last one again where there are no more
            blocks[lane] = _lay(messages[lane], len(prefix), text, start[row], length[row])
        for word in range(8):
            total[word * LANES : (word + 1) * LANES] = START[word]
        for block in range(blocks.max()):
            _spread(words, messages, block)
            _absorb(total, words, blocks, block)
        for lane in range(min(LANES, n - first)):
            for word in range(4):
                high, low = total[2 * word * LANES + lane], total[(2 * word + 1) * LANES + lane]
                found[first + lane, word] = (np.uint64(high) << np.uint64(32)) | np.uint64(low)
