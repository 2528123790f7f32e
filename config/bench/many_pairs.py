"""Values of as many members as wanted for each offer, worked out whenever they are asked for and never kept."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Block, Whole

TASTES, MOODS = 2**15, 2**11  # each member has one of each, by a hash of the row
DIMENSIONS = 12
SHARE_ELIGIBLE = 0.6
CHANNELS = 2
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class ManyPairs:
    """Members whose value of an offer follows from their taste for it and their mood; the same for the same seed."""

    members: int
    offers: int
    seed: int = 1

    @cached_property
    def tables(self) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        """By taste the value, -inf where an offer is not open, and the use; by mood what multiplies both; channels."""
        rng, shape = np.random.default_rng(self.seed), (TASTES, self.offers)
        tastes = rng.standard_normal((TASTES, DIMENSIONS)) @ rng.standard_normal((DIMENSIONS, self.offers)) * 0.17
        value = np.exp(tastes) * rng.uniform(0.5, 2, self.offers) - rng.uniform(0.02, 0.3, self.offers)
        value[rng.random(shape) >= SHARE_ELIGIBLE] = -np.inf
        use = np.exp(tastes / 2) * rng.uniform(0.05, 0.3, self.offers)
        moods = np.exp(rng.standard_normal((MOODS, self.offers)) * 0.2)
        channel = rng.integers(0, CHANNELS, shape, dtype=np.int8)
        return value.astype(np.float32), use.astype(np.float32), moods.astype(np.float32), channel

    @cached_property
    def tie(self) -> NDArray[np.uint64]:
        return np.arange(self.members, dtype=np.uint64) * GOLDEN

    def block(self, rows: slice) -> Block:
        return self._of(self.tie[rows])

    def take(self, index: NDArray[np.intp]) -> Whole:
        few = self._of(self.tie[index])
        return Whole(few.value, few.use, few.tie, channel=few.channel)

    def _of(self, tie: NDArray[np.uint64]) -> Block:
        taste, mood = (tie >> np.uint64(49)).astype(np.intp), (tie >> np.uint64(20)).astype(np.intp) % MOODS
        value, use, moods, channel = (
            table[some] for table, some in zip(self.tables, (taste, taste, mood, taste), strict=True)
        )
        value *= moods
        use *= moods
        return Block(value, use, tie, channel=channel)


def counts(pairs: ManyPairs, each: int) -> Constraints:
    """A count for every offer, which binds: so many that about half the members' places are filled."""
    shares = np.random.default_rng(2).uniform(0.25, 0.75, pairs.offers)
    count = (shares * pairs.members * each / pairs.offers).astype(np.int64)
    return Constraints(count, np.full(pairs.offers, np.nan), each=each)


def all_kinds(pairs: ManyPairs) -> Constraints:
    """A count or a budget for every offer, a total budget, contacts, and the capacities of channels: most bind."""
    n, k = pairs.members, pairs.offers
    has_budget = np.arange(k) % 2 == 0
    shares = np.random.default_rng(3).uniform(0.25, 0.75, k)
    return Constraints(
        count_limit=np.where(has_budget, -1, (shares * n / k).astype(np.int64)),
        budget=np.where(has_budget, shares * n / k * 0.2, np.nan),
        total_budget=n * 0.12,
        contacts=int(n * 0.36),
        capacity=np.array([int(n * 0.16), int(n * 0.24)]),
    )
