"""The first look at everybody: what they would take at given prices, and whether all is numbers."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choices import sorted_out
from campaigns.assignment.kernels import compiled
from campaigns.assignment.limits import Limits
from campaigns.assignment.pairs import Block, Pairs, check
from campaigns.assignment.rows import Rules, most
from campaigns.assignment.summing import summed
from campaigns.assignment.survey import parts
from loyalty.profiling.cores import share


@dataclass(frozen=True)
class Asked:
    """`demand` is what everybody takes from the limits; `open_to` (k,) who may have each offer, counted where a minimum
    asks for it; `largest` the size of the largest value that counts."""

    demand: Limits
    open_to: NDArray[np.int64]
    largest: float


def asked(pairs: Pairs, rules: Rules, prices: Prices) -> Asked:
    """Everybody at these prices. Raises ValueError for what is not numbers."""
    loops = compiled(pairs.members * pairs.offers)

    def ask(some: slice) -> tuple[Limits, NDArray[np.int64], float]:
        block = pairs.block(some)
        check(block)
        demand, _, _ = summed(block, sorted_out(block, rules, prices, loops), rules, loops)
        return demand, *_looked_at(block, rules)

    demand, open_to, largest = zip(*share(ask, parts(pairs)), strict=True)
    return Asked(reduce(Limits.plus, demand), np.sum(open_to, axis=0), max(largest))


def _looked_at(block: Block, rules: Rules) -> tuple[NDArray[np.int64], float]:
    """To how many each offer (k,) is open, and the largest size of a value."""
    if not rules.takes_losses.any():
        return np.zeros(len(rules.takes_losses), dtype=np.int64), float(block.value.max(initial=0.0))
    is_open = np.isfinite(block.value) & (most(block, rules) > 0)[:, None]
    return is_open.sum(axis=0), float(np.abs(block.value[is_open]).max(initial=0.0))
