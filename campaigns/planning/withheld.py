"""What held-out members would have been given by the same policy at the same prices; no limit is used up by it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.choices import sorted_out
from campaigns.assignment.constraints import Constraints
from campaigns.assignment.kernels import compiled
from campaigns.assignment.limits import MILLIONTHS
from campaigns.assignment.rows import rules
from campaigns.assignment.solver import Assignment
from campaigns.planning.offered import Offered
from loyalty.profiling.cores import share


@dataclass(frozen=True, eq=False)
class Withheld:
    """Of m held-out members: `offer` (m, each), the best first, -1 for nothing, and what each is worth in money."""

    offer: NDArray[np.int16]
    score: NDArray[np.float32]


def withheld(held_out: Offered, assignment: Assignment, limits: Constraints) -> Withheld:
    """What these members would have had, had they been among those to whom the assignment gave offers in these limits.

    They choose at its prices, by the rules of its last pass. Who else had the very last places of a limit is not asked:
    at its price about as many of them are in as of the others.
    """
    agreed, prices = rules(limits), _prices(assignment)
    found = Withheld(
        offer=np.full((held_out.members, agreed.each), -1, dtype=np.int16),
        score=np.zeros((held_out.members, agreed.each), dtype=np.float32),
    )
    loops = compiled(held_out.members * held_out.offers)

    def choose(part: slice) -> None:
        chosen = sorted_out(held_out.block(part), agreed, prices, loops)
        found.offer[part], found.score[part] = chosen.offer, chosen.worth

    share(choose, held_out.crowd.parts())
    return found


def _prices(assignment: Assignment) -> Prices:
    """As the solver has them: money in millionths."""
    offers, total = assignment.offers, assignment.total
    return Prices(
        count=np.array([each.price for each in offers]),
        money=np.array([each.budget_price for each in offers]) / MILLIONTHS,
        contacts=total.price,
        total=total.budget_price / MILLIONTHS,
        capacity=np.array([each.price for each in assignment.channels]),
    )
