"""The innermost loops of planning, compiled: see `kernels`. To the last bit they say the same as NumPy does."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, error_model="numpy")
def fill(scored, redeem, at, bits, basket, flat, share, minimum, value, use):  # type: ignore[no-untyped-def]
    """`Offered.block` of m members: `value` and `use` (m, k), from what is known of them and perhaps of others.

    `scored` and `redeem` are (r, k), `basket` (r,), and `at` (m,) says which of these rows is whose; `bits` (m, b) are
    those of `Openness`, and the others (k,) as in `RedemptionCosts`.
    """
    for i in range(len(at)):
        row, spent = at[i], basket[at[i]]
        for j in range(len(flat)):
            if bits[i, j >> 3] >> (j & 7) & 1:
                value[i, j] = scored[row, j]
                use[i, j] = redeem[row, j] * np.float32(share[j] * max(spent, minimum[j]) + flat[j])
            else:
                value[i, j], use[i, j] = -np.inf, 0.0
