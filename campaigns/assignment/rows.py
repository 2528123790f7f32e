"""Members that are in memory, with all their pairs, as the solver works on them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.limits import ROUNDING_NOISE, Limits, limits, whole_millionths
from campaigns.assignment.pairs import Block
from campaigns.assignment.ties import fractions, separated
from loyalty.profiling.cores import share

MEMBERS_AT_ONCE = 2_048  # of whom what is worked out stays in a core's cache

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """What holds for every member: the run's limits; whose value may be below 0, because a minimum volume asks for it
    (k,); a number of its category for each offer, its own for those without (k,); offers per member."""

    limits: Limits
    takes_losses: NDArray[np.bool_]
    category: NDArray[np.int64]
    each: int


@dataclass(frozen=True)
class Rows:
    """n members × k offers: `worth` as it came and `value`, in which no two tie, are -inf where an offer may not be
    given; `use` in whole millionths; `tie` (n,), by which values are told apart; `most` (n,) offers a member may have;
    `channel` (n, k), None where none is limited; `category` (k,)."""

    worth: NDArray[np.floating]
    value: Array
    use: Array
    tie: NDArray[np.uint64]
    most: NDArray[np.int64]
    channel: NDArray[np.int8] | None
    category: NDArray[np.int64]
    each: int

    def __len__(self) -> int:
        return len(self.value)

    def as_they_came(self) -> "Rows":
        """With the values in which members may tie, for the bound."""
        return replace(self, value=self.worth.astype(np.float64))

    def first(self, count: int) -> "Rows":
        return self.take(slice(count))

    def take(self, rows: slice | NDArray) -> "Rows":
        return replace(
            self,
            worth=self.worth[rows],
            value=self.value[rows],
            use=self.use[rows],
            tie=self.tie[rows],
            most=self.most[rows],
            channel=None if self.channel is None else self.channel[rows],
        )

    def channels(self, members: NDArray[np.intp], offers: NDArray[np.integer]) -> NDArray[np.int8] | None:
        """By which channel each of these pairs (p,) goes."""
        return None if self.channel is None else self.channel[members, offers]


def rules(constraints: Constraints) -> Rules:
    stated = limits(constraints)
    k = len(stated.count)
    each = max(1, min(constraints.each, k))
    return Rules(stated, stated.least > 0, _categories(constraints.category, k), each)


def _categories(category: NDArray[np.int64] | None, k: int) -> NDArray[np.int64]:
    alone = np.arange(k) + (0 if category is None else int(category.max(initial=-1)) + 1)
    stated = alone if category is None else np.where(category < 0, alone, category)
    _, first, number = np.unique(stated, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[number].astype(np.int64)  # numbered in the order in which they come


def rows(block: Block, rules: Rules) -> Rows:
    """The block as the solver works on it, in the order in which it came."""
    worth = np.empty_like(block.value)
    value, use = np.empty((2, *worth.shape))

    def read(first: int) -> None:
        some = slice(first, first + MEMBERS_AT_ONCE)
        came = block.value[some]
        use[some] = whole_millionths(np.where(np.isfinite(came), block.use[some], 0))
        worth[some] = np.where(_possible(came, use[some], rules), came, -np.inf)
        value[some] = separated(worth[some].astype(np.float64), fractions(block.tie[some], worth.shape[1]))

    share(read, range(0, len(worth), MEMBERS_AT_ONCE))
    channel = None if block.channel is None or not len(rules.limits.capacity) else np.maximum(block.channel, 0)
    return Rows(
        worth=worth,
        value=value,
        use=use,
        tie=block.tie,
        most=most(block, rules),
        channel=channel,
        category=rules.category,
        each=rules.each,
    )


def most(block: Block, rules: Rules) -> NDArray[np.int64]:
    """How many offers each member of the block may have."""
    if block.most is None:
        return np.full(len(block.value), rules.each)
    return np.minimum(block.most, rules.each).astype(np.int64)


def _possible(worth: NDArray[np.float32], use: Array, rules: Rules) -> NDArray[np.bool_]:
    """Pairs that pay, or are wanted for a minimum, and that no limit rules out by itself: without the others the bound
    is tighter."""
    return np.asarray((rules.takes_losses | (worth > 0)) & (use <= room(rules.limits)))


def room(limits: Limits) -> Array:
    """The largest use of money (k,) that fits alone into every limit; below 0 where nothing does."""
    most = np.minimum(limits.money, limits.total) * (1 + ROUNDING_NOISE)
    return np.where((limits.count >= 1) & (limits.contacts >= 1), most, -1.0)
