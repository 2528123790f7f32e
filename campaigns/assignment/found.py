"""What the search for an assignment comes to, before it is told."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.given import Offers, Worths
from campaigns.assignment.limits import Limits


@dataclass(frozen=True)
class Found:
    """An assignment (n, each) with what each offer is worth, whom any would be worth giving (n,), its value, what it
    takes from the limits, and the prices that prove most."""

    offer: Offers
    worth: Worths
    pays: NDArray[np.bool_]
    value: float
    taken: Limits
    prices: Prices
    bound: float

    @property
    def gap(self) -> float:
        return max(0.0, 1 - self.value / self.bound) if self.bound > 0 else 0.0


def better(one: Found, other: Found) -> Found:
    """The more valuable assignment with the prices that prove more."""
    proof = min(one, other, key=lambda each: each.bound)
    best = max(one, other, key=lambda each: each.value)
    return replace(best, prices=proof.prices, bound=max(proof.bound, best.value))
