"""Goes through everybody at given prices: who is sure of what they take, and who is near an edge.

Where the best prices are in the box, only those near an edge are still to be decided, and the part of the others in the
bound is known for each of these prices.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.choices import Box, sorted_out
from campaigns.assignment.given import Offers, Worths
from campaigns.assignment.kernels import compiled
from campaigns.assignment.limits import Limits
from campaigns.assignment.pairs import Block, Pairs
from campaigns.assignment.rows import Rules
from campaigns.assignment.summing import summed
from campaigns.assignment.survey import joined, parts, taken
from loyalty.profiling.cores import share


@dataclass(frozen=True)
class Sorted:
    """`offer` (n, each) what everybody takes and its `worth`, and `pays` (n,) whom anything would be worth giving;
    `sure` what those who are sure take from the limits, and `value` its worth in units; `kept` what everybody keeps of
    separated values, in units rounded up.

    `edge` (e,) are the positions of the others, and `near` the others themselves.
    """

    offer: Offers
    worth: Worths
    pays: NDArray[np.bool_]
    sure: Limits
    value: int
    kept: int
    edge: NDArray[np.intp]
    near: Block


def sort(pairs: Pairs, rules: Rules, box: Box, *, unit: float) -> Sorted:
    """Everybody at the prices of the box.

    Sums of values are counted in whole units, a power of 2 in currency units, so that they are the same in any order.
    """
    offer = np.empty((pairs.members, rules.each), dtype=np.int16)
    worth, pays = np.empty(offer.shape, dtype=np.float32), np.empty(pairs.members, dtype=np.bool_)
    loops = compiled(pairs.members * pairs.offers)

    def read(some: slice) -> tuple[tuple[Limits, int, int], NDArray[np.intp], Block]:
        block = pairs.block(some)
        found = sorted_out(block, rules, box, loops)
        offer[some], worth[some], pays[some] = found.offer, found.worth, found.pays
        unsure = np.flatnonzero(~found.sure)
        return summed(block, found, rules, loops, unit=unit), unsure + some.start, taken(block, unsure)

    sums, edges, nears = zip(*share(read, parts(pairs)), strict=True)
    sures, values, kepts = zip(*sums, strict=True)
    return Sorted(
        offer=offer,
        worth=worth,
        pays=pays,
        sure=reduce(Limits.plus, sures),
        value=sum(values),
        kept=sum(kepts),
        edge=np.concatenate(edges),
        near=joined(nears),
    )
