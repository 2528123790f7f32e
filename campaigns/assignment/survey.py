"""The first look at everybody: whether all are numbers, who could have what, and a sample that chance alone picks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.pairs import Block, Pairs, check
from campaigns.assignment.rows import Rules, most
from campaigns.assignment.ties import lots
from loyalty.profiling.cores import share

PAIRS_AT_ONCE = 2**20


@dataclass(frozen=True)
class Survey:
    """`sample` in the order of their lots; `open_to` (k,) who may have each offer, counted where a minimum asks for it;
    `largest` size of a value that counts."""

    sample: Block
    open_to: NDArray[np.int64]
    largest: float


def surveyed(pairs: Pairs, rules: Rules, *, sample: int) -> Survey:
    """Reads all values once. Raises ValueError for what is not numbers."""
    part = sample / max(pairs.members, 1)

    def read(some: slice) -> tuple[Block, NDArray[np.int64], float]:
        block = pairs.block(some)
        check(block)
        few = taken(block, np.flatnonzero(lots(block.tie) < part))
        if not rules.takes_losses.any():
            return few, np.zeros(pairs.offers, dtype=np.int64), float(block.value.max(initial=0.0))
        is_open = np.isfinite(block.value) & (most(block, rules) > 0)[:, None]
        return few, is_open.sum(axis=0), float(np.abs(block.value[is_open]).max(initial=0.0))

    blocks, open_to, largest = zip(*share(read, parts(pairs)), strict=True)
    few = joined(blocks)
    return Survey(taken(few, np.argsort(lots(few.tie), kind="stable")), np.sum(open_to, axis=0), max(largest))


def parts(pairs: Pairs) -> Iterator[slice]:
    """Consecutive rows, so many at once that they stay at hand while they are worked on."""
    step = max(1, PAIRS_AT_ONCE // max(pairs.offers, 1))
    return (slice(first, min(first + step, pairs.members)) for first in range(0, pairs.members, step))


def taken(block: Block, some: NDArray[np.intp]) -> Block:
    """These members of a block, in this order."""
    return Block(
        value=block.value[some],
        use=block.use[some],
        tie=block.tie[some],
        most=None if block.most is None else block.most[some],
        channel=None if block.channel is None else block.channel[some],
    )


def joined(blocks: tuple[Block, ...]) -> Block:
    """One block of them all."""
    most = [block.most for block in blocks if block.most is not None]
    channel = [block.channel for block in blocks if block.channel is not None]
    return Block(
        value=np.concatenate([block.value for block in blocks]),
        use=np.concatenate([block.use for block in blocks]),
        tie=np.concatenate([block.tie for block in blocks]),
        most=np.concatenate(most) if most else None,
        channel=np.concatenate(channel) if channel else None,
    )
