"""Members and offers made up, as planning asks for them: pairs in memory, where it has profiles and a scorer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Whole

AT_ONCE = 100


@dataclass(frozen=True)
class World(Whole):
    """Pairs that can be taken apart and come in parts."""

    @property
    def crowd(self) -> "World":
        return self

    @property
    def carried(self) -> Any:
        return self.channel

    def parts(self) -> Iterator[slice]:
        return (slice(first, first + AT_ONCE) for first in range(0, self.members, AT_ONCE))

    def take(self, index: Any) -> "World":
        columns = {name: getattr(self, name) for name in ("value", "use", "tie", "most", "channel")}
        return replace(self, **{name: None if column is None else column[index] for name, column in columns.items()})


def world(members: int, offers: int, *, seed: int, open_to: float = 0.8, channels: int = 0) -> World:
    """Values around 0, some pairs closed, uses of money from 0.1 to 1."""
    rng = np.random.default_rng(seed)
    value = rng.normal(0.3, 1, (members, offers)).astype(np.float32)
    closed = rng.random((members, offers)) > open_to
    value[closed] = -np.inf
    use = np.where(closed, 0, rng.uniform(0.1, 1, (members, offers))).astype(np.float32)
    channel = rng.integers(0, channels, (members, offers), dtype=np.int8) if channels else None
    return World(value, use, rng.integers(0, 2**63, members).astype(np.uint64), None, channel)


def limits(offers: int, **facts: Any) -> Constraints:
    """No limits but these."""
    none = {"count_limit": np.full(offers, -1), "budget": np.full(offers, np.nan)}
    return Constraints(**{**none, **facts})
