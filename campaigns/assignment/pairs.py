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


def paying(block: Block) -> NDArray[np.bool_]:
    """(m,): whom any offer would be worth giving if no limit charged for it."""
    return np.asarray(block.value.max(axis=1, initial=0) > 0)


class Pairs(Protocol):
    """Everybody whom a run decides on. `block` is pure, and asked for by several threads, several times; `tie` (n,) as
    in `Block`, and `take` gives some of the members, by ascending rows (m,)."""

    @property
    def members(self) -> int: ...

    @property
    def offers(self) -> int: ...

    @property
    def tie(self) -> NDArray[np.uint64]: ...

    def block(self, rows: slice) -> Block: ...

    def take(self, index: NDArray[np.intp]) -> "Pairs": ...


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

    def take(self, index: NDArray[np.intp]) -> "Whole":
        return Whole(
            value=self.value[index],
            use=self.use[index],
            tie=self.tie[index],
            most=None if self.most is None else self.most[index],
            channel=None if self.channel is None else self.channel[index],
        )

    def __post_init__(self) -> None:
        if self.value.shape != self.use.shape or self.tie.shape != self.value.shape[:1]:
            raise ValueError("Values and uses are to be of one shape, members by offers, with one tie per member.")


def check(block: Block) -> None:
    """Refuse what is not numbers. Raises ValueError."""
    if not block.value.max(initial=-np.inf) < np.inf:  # the highest of some that are no number is none
        raise ValueError("Some values are not numbers: give -inf where an offer may not be given or has no score.")
    if _are_uses(block.use):
        return
    if not _are_uses(block.use[np.isfinite(block.value)]):
        raise ValueError("Some uses of money are negative or not numbers: give 0 where an assignment costs nothing.")


def _are_uses(use: NDArray[np.float32]) -> bool:
    return bool(use.min(initial=0) >= 0 and use.max(initial=0) < np.inf)
