"""The innermost loops of planning, compiled: see `kernels`. To the last bit they say the same as NumPy does.

Each says one thing of all offers, without a choice in it, so that the compiler makes vectors of it.
"""

import numpy as np
from numba import njit

CLOSED, NOTHING = np.float32(-np.inf), np.float32(0)


@njit(nogil=True, cache=True, error_model="numpy")
def _spread(bits, i, is_open):  # type: ignore[no-untyped-def]
    """The bits of one member, each in a place of its own, as wide as what they decide on."""
    for byte in range(bits.shape[1]):
        for bit in range(8):
            is_open[8 * byte + bit] = bits[i, byte] >> bit & 1


@njit(nogil=True, cache=True, error_model="numpy")
def _costs(spent, flat, share, minimum, cost):  # type: ignore[no-untyped-def]
    """`RedemptionCosts.of` of one member."""
    for j in range(len(cost)):
        cost[j] = np.float32(share[j] * (spent if spent > minimum[j] else minimum[j]) + flat[j])


@njit(nogil=True, cache=True, error_model="numpy")
def fill(scored, redeem, at, bits, basket, flat, share, minimum, value, use):  # type: ignore[no-untyped-def]
    """`Offered.block` of m members: `value` and `use` (m, k), from what is known of them and perhaps of others.

    `scored` and `redeem` are (r, k), `basket` (r,), and `at` (m,) says which of these rows is whose; `bits` (m, b) are
    those of `Openness`, and the others (k,) as in `RedemptionCosts`.
    """
    is_open, cost = np.empty(8 * bits.shape[1], np.int32), np.empty(len(flat), np.float32)
    for i in range(len(at)):
        row = at[i]
        _spread(bits, i, is_open)
        _costs(basket[row], flat, share, minimum, cost)
        for j in range(len(flat)):
            value[i, j] = scored[row, j] if is_open[j] else CLOSED
        for j in range(len(flat)):
            use[i, j] = redeem[row, j] * cost[j] if is_open[j] else NOTHING
