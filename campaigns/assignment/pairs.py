"""Pairs of members and offers as the solver asks for them: by blocks, again in every pass, never kept whole."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Block:
    """What is known of m consecutive members and k offers.

    `value` (m, k) is the expected incremental margin in currency units, -inf where an offer may not be given; `use`
    (m, k) the expected cost of redemptions in currency units, which budgets count; `tie` (m,) a hash of member and run.
    `most` (m,) is how many offers the member may still be given, None for as many as the run allows; `channel` (m, k)
    the position in `Constraints.capacity` of the channel that would carry the offer, None where no channel is limited.
    """

    value: NDArray[np.float32]
    use: NDArray[np.float32]
    tie: NDArray[np.uint64]
    most: NDArray[np.uint8] | None = None
    channel: NDArray[np.int8] | None = None


class Pairs(Protocol):
    """Everybody whom a run decides on. `block` is pure, and asked for by several threads, several times."""

    @property
    def members(self) -> int: ...

    @property
    def offers(self) -> int: ...

    def block(self, rows: slice) -> Block: ...


@dataclass(frozen=True)
class Whole:
    """Pairs that are in memory: (n, k) arrays, as in `Block`."""

    value: NDArray[np.float32]
    use: NDArray[np.float32]
    tie: NDArray[np.uint64]
    most: NDArray[np.uint8] | None = None
    channel: NDArray[np.int8] | None = None

    @property
    def members(self) -> int:
        return len(self.value)

    @property
    def offers(self) -> int:
        return int(self.value.shape[1])

    def block(self, rows: slice) -> Block:
        return Block(
            value=self.value[rows],
            use=self.use[rows],
            tie=self.tie[rows],
            most=None if self.most is None else self.most[rows],
            channel=None if self.channel is None else self.channel[rows],
        )
