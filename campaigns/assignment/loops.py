"""The innermost loops over pairs, compiled: what members take at given prices, row by row, without arrays in between.

Importing this takes a second, and compiling it some more unless numba's cache has it: see `kernels`. Every loop says
the same as the function of NumPy that its sentence names, to the last bit. What is done to each pair alone stands in
loops without a choice in them, which the compiler makes into vectors.
"""

import numpy as np

from campaigns.assignment.counting import tell
from campaigns.assignment.ranking import Array, by_category, compiled, give, rank
from campaigns.assignment.sifting import count_out, look
from campaigns.assignment.tally import tally

__all__ = ["choose", "count_out", "look", "tally", "tell"]


@compiled
def choose(
    value: Array,
    use: Array,
    channel: Array,
    most: Array,
    category: Array,
    rate: Array,
    count: Array,
    capacity: Array,
    offer: Array,
    gained: Array,
    margin: Array,
) -> None:
    """`choice.choice` at values less charges: `rate` (k,) per millionth, `count` (k,) per offer given."""
    k, categories = value.shape[1], category.max() + 1
    reduced, best, second, at = np.empty(k), np.empty(categories), np.empty(categories), np.arange(categories)
    top, top_at = np.empty(offer.shape[1] + 1), np.empty(offer.shape[1] + 1, np.int64)
    for i in range(len(value)):
        for j in range(k):
            charge = use[i, j] * rate[j] + count[j]
            if len(capacity):
                charge += capacity[channel[i, j]]
            reduced[j] = value[i, j] - charge
        by_category(reduced, category, best, second, at)
        rank(best, top, top_at)
        gained[i] = give(top, top_at, at, most[i], offer, i)
        last_in, next_in = top[max(most[i] - 1, 0)], top[most[i]]
        for j in range(k if len(margin) else 0):
            c = category[j]
            other = second[c] if at[c] == j else max(best[c], 0.0)
            rival = next_in if best[c] >= last_in else last_in
            margin[i, j] = reduced[j] - max(rival, other) if most[i] else -np.inf
