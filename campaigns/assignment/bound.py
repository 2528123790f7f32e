"""What no assignment can exceed: the proof beside every assignment of how good it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Limits


@dataclass(frozen=True)
class Prices:
    """What each limit charges, never below 0: per member it takes up, or per unit of money.

    `count` and `money` (k,) are of an offer's own limits; `contacts` and `total` of those over all offers.
    """

    count: NDArray[np.float64]
    money: NDArray[np.float64]
    contacts: float = 0.0
    total: float = 0.0

    @classmethod
    def free(cls, offers: int) -> "Prices":
        return cls(np.zeros(offers), np.zeros(offers))

    def of(self, use: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each assignment is charged by all limits together, (n, k)."""
        return np.asarray(use * (self.money + self.total) + (self.count + self.contacts))


def bound(values: NDArray[np.float64], use: NDArray[np.float64], limits: Limits, prices: Prices) -> float:
    """The Lagrangian dual: no assignment of one offer at most per member within the limits is worth more than this.

    D = Σ_i max(0, max_j (values_ij - charge_ij)) + Σ price × limit, for any prices that are not negative (Fisher, 1981,
    Management Science 27). `values` (n, k) are -inf where an offer is not allowed.
    """
    best = (values - prices.of(use)).max(axis=1, initial=0.0)
    return float(best.sum()) + _at_limits(limits, prices)


def _at_limits(limits: Limits, prices: Prices) -> float:
    charged = np.concatenate([prices.count, prices.money, [prices.contacts, prices.total]])
    limit = np.concatenate([limits.count, limits.money, [limits.contacts, limits.total]])
    binding = charged > 0  # a limit of infinity is never charged for, and 0 × infinity is no number
    return float(charged[binding] @ limit[binding])
