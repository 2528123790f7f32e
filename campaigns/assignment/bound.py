"""What no assignment can exceed: the proof beside every assignment of how good it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.limits import Limits

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """What each limit charges: per offer given, or per millionth of money.

    `count` and `money` (k,) are of an offer's own limits, `capacity` (c,) of the channels', `contacts` and `total` of
    those over all offers. Only `count` may be below 0: what a minimum volume adds to an offer's value.
    """

    count: Array
    money: Array
    contacts: float
    total: float
    capacity: Array

    @classmethod
    def free(cls, offers: int, channels: int = 0) -> "Prices":
        return cls(np.zeros(offers), np.zeros(offers), 0.0, 0.0, np.zeros(channels))

    def row(self) -> Array:
        """All prices in one row (2k + c + 2,), for arithmetic: per offer given first, then per millionth of money."""
        return np.concatenate([self.count, [self.contacts], self.capacity, self.money, [self.total]])

    def with_row(self, row: Array) -> "Prices":
        """The prices of such a row, for as many offers and channels as here."""
        k, c = len(self.count), len(self.capacity)
        count, contacts, capacity, money, total = np.split(row, np.cumsum([k, 1, c, k]))
        return Prices(count, money, float(contacts[0]), float(total[0]), capacity)

    def of(self, use: Array, channel: NDArray[np.int8] | None) -> Array:
        """What pairs (n, k) are charged by all limits together, at these uses in millionths and by these channels."""
        charge = use * (self.money + self.total) + (self.count + self.contacts)
        if channel is not None:
            charge += self.capacity[channel]
        return charge

    def of_pairs(self, offers: NDArray[np.integer], use: Array, channels: NDArray[np.integer] | None) -> Array:
        """The same for single pairs (p,)."""
        charge = use * (self.money + self.total)[offers] + (self.count + self.contacts)[offers]
        return np.asarray(charge if channels is None else charge + self.capacity[channels])


def at_limits(limits: Limits, prices: Prices) -> float:
    """What the limits charge where they are used up: the second part of the Lagrangian dual.

    D = Σ_i max over what member i may have of Σ_j (value_ij - charge_ij) + Σ price × limit, for any prices that are not
    negative (Fisher, 1981, Management Science 27); a price below 0 is a minimum volume's, and multiplies that.
    """
    charged = np.concatenate([prices.count, prices.money, prices.capacity, [prices.contacts, prices.total]])
    count = np.where(prices.count < 0, limits.least, limits.count)
    limit = np.concatenate([count, limits.money, limits.capacity, [limits.contacts, limits.total]])
    binding = charged != 0  # a limit of infinity is never charged for, and 0 × infinity is no number
    return float(charged[binding] @ limit[binding])
