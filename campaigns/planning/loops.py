"""The innermost loops of planning, compiled: see `kernels`. To the last bit they say the same as NumPy does."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

BITS: NDArray[np.bool_] = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little") > 0


@njit(nogil=True, cache=True, error_model="numpy")
def _spread(bits, allowed):  # type: ignore[no-untyped-def]
    """The bits of one member, each in a place of its own."""
    for byte in range(len(bits)):
        for bit in range(8):
            allowed[8 * byte + bit] = BITS[bits[byte], bit]


@njit(nogil=True, cache=True, error_model="numpy")
def _fill(scored, redeem, allowed, spent, flat, share, minimum, value, use):  # type: ignore[no-untyped-def]
    """`fill` of one member; without a branch, so that the compiler makes vectors of it."""
    for j in range(len(flat)):
        basket = spent if spent > minimum[j] else minimum[j]
        cost = np.float32(share[j] * basket + flat[j])
        value[j] = scored[j] if allowed[j] else np.float32(-np.inf)
        use[j] = redeem[j] * cost if allowed[j] else np.float32(0)


@njit(nogil=True, cache=True, error_model="numpy")
def fill(scored, redeem, at, bits, basket, flat, share, minimum, value, use):  # type: ignore[no-untyped-def]
    """`Offered.block` of m members: `value` and `use` (m, k), from what is known of them and perhaps of others.

    `scored` and `redeem` are (r, k), `basket` (r,), and `at` (m,) says which of these rows is whose; `bits` (m, b) are
    those of `Openness`, and the others (k,) as in `RedemptionCosts`.
    """
    allowed = np.empty(8 * bits.shape[1], np.bool_)
    for i in range(len(at)):
        row = at[i]
        _spread(bits[i], allowed)
        _fill(scored[row], redeem[row], allowed, basket[row], flat, share, minimum, value[i], use[i])
