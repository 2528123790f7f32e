"""Everybody a block at a time, and a sample of them that chance alone picks."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.pairs import Block, Pairs, check
from campaigns.assignment.ties import lots
from loyalty.profiling.cores import share

PAIRS_AT_ONCE = 2**20


def sampled(pairs: Pairs, *, sample: int) -> Block:
    """About so many members, in the order of their lots. Raises ValueError for what is not numbers."""
    part = sample / max(pairs.members, 1)
    picked = share(lambda some: np.flatnonzero(lots(pairs.tie[some]) < part) + some.start, parts(pairs))
    few = pairs.take(np.concatenate(picked))
    block = joined(share(few.block, parts(few)) or [few.block(slice(0, 0))])
    check(block)
    return taken(block, np.argsort(lots(block.tie), kind="stable"))


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


def joined(blocks: Sequence[Block]) -> Block:
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
