"""Prices as compiled loops charge them: by single pairs, and nearly, in single precision."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.bound import Prices
from campaigns.assignment.limits import MILLIONTHS
from campaigns.assignment.rows import Rules, room

# What single precision, the separation of ties and the counting of uses may be off by together, as a share of a value
# that is above its charges.
NOISE = np.float32(2e-6)
CLOSED = np.float32(1e30)  # what an offer is nearly charged that nobody may have

Array = NDArray[np.float64]
Single = NDArray[np.float32]


@dataclass(frozen=True)
class Charges:
    """What some prices charge per millionth, `rate` (p, k), per offer given, `fixed` (p, k), and by channel, `capacity`
    (p, c)."""

    rate: Array
    fixed: Array
    capacity: Array

    @classmethod
    def of(cls, prices: Sequence[Prices], *, channels: int) -> "Charges":
        return cls(
            rate=np.stack([each.money + each.total for each in prices]),
            fixed=np.stack([each.count + each.contacts for each in prices]),
            capacity=np.stack([each.capacity[:channels] for each in prices]),
        )

    def allow_a_look(self, rules: Rules) -> bool:
        """Whether no value below 0 counts, and single precision holds what the first and second prices charge."""
        charged = [self.rate[:2] * MILLIONTHS, self.fixed[:2], self.capacity[:2]]
        low, high = (edge([edge(part, initial=0) for part in charged]) for edge in (np.min, np.max))
        return bool(low >= 0 and high < CLOSED) and not rules.takes_losses.any()

    @property
    def slack(self) -> float:
        """How much more a use that is rounded up to the next millionth may be charged."""
        return float(self.rate[:2].max())

    def nearly(self, rules: Rules) -> tuple[Single, Single, Single, Single]:
        """The same in single precision at the first and second prices, but per currency unit, and the uses (k,) that
        there is certainly room for. An offer that nobody may have is too dear."""
        most, closed = room(rules.limits), np.where(room(rules.limits) < 0, CLOSED, np.float32(0))
        certain = np.where(most < 0, np.inf, (most * (1 - float(NOISE)) - 1) / MILLIONTHS)
        rate, fixed = (self.rate[:2] * MILLIONTHS).astype(np.float32), self.fixed[:2].astype(np.float32)
        return rate, fixed + closed, self.capacity[:2].astype(np.float32), certain.astype(np.float32)
