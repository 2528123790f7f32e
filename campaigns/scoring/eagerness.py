"""How strongly offers move a member at all, as one number: a product over what the member does.

Whoever looks at no prices is moved by no discount, however often they come: what moves a member is more like a product
than a sum. A product is the exponential of a sum, so it takes one weight per column of the basis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Eagerness:
    """The `weights` of general columns of the basis in a logarithm that is held between `low` and `high`; the mean
    over the members it was learned from is 1."""

    weights: tuple[float, ...]
    low: float
    high: float

    def of(self, columns: Iterable[Rows]) -> Rows:
        """(n,) of those columns, each (n,): added up in their order, so that a member's is the same in any company."""
        found, one = np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)
        for at, (weight, column) in enumerate(zip(self.weights, columns, strict=True)):
            if not at:
                found, one = np.zeros_like(column), np.empty_like(column)
            found += np.multiply(column, np.float32(weight), out=one)
        np.clip(found, np.float32(self.low), np.float32(self.high), out=found)
        return np.exp(found, out=found)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Eagerness":
        return cls(tuple(data["weights"]), float(data["low"]), float(data["high"]))
