"""Lets a share of the members draw their offer by chance, ahead of everybody else and within the same limits."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.exploration import NOTHING, Chances, Demand, Design, Taken, drawn, less, standing
from campaigns.assignment.limits import MILLIONTHS, whole_millionths
from campaigns.planning.offered import Offered
from loyalty.profiling.cores import share

SAMPLE = 2**16


@dataclass(frozen=True, eq=False)
class Explored:
    """`offer` (n,) is what each member drew, -1 for whoever is decided on like everybody, and `score` (e,) what it is
    worth to us, of those who drew; the design that made them, what they took, and the limits that are left for the
    others."""

    offer: NDArray[np.int16]
    score: NDArray[np.float32]
    design: Design
    taken: Taken
    left: Constraints


def explored(
    offered: Offered,
    chances: Chances | None,
    treated: NDArray[np.bool_],
    limits: Constraints,
    *,
    held_out: float,
    share_explored: float,
) -> Explored:
    """Who of the treated (n,) draws what; `chances` None, or a share of 0, for nobody."""
    design = Design(held_out, share_explored, np.ones(offered.offers))
    if chances is None or not share_explored or not len(treated):
        return _of(offered, np.full(offered.members, NOTHING, dtype=np.int16), design, limits)
    design = replace(design, stands=standing(_demand(offered, design, limits), limits, share=share_explored))
    offer = np.full(offered.members, NOTHING, dtype=np.int16)
    exploring = np.flatnonzero(treated & (chances.explores < share_explored))
    offer[exploring] = drawn(
        offered.open_to.take(exploring).allowed(slice(None)), chances.take(exploring), design.stands
    )
    found = _of(offered, offer, design, limits)
    if found.taken.exceeds(limits):  # once in 10^9 runs, and of money perhaps more often
        return explored(offered, None, treated, limits, held_out=held_out, share_explored=0.0)
    return found


def _demand(offered: Offered, design: Design, limits: Constraints) -> Demand:
    """Of members spread evenly over all, who stand for the others: what they draw has no say in it."""
    some = np.unique(np.linspace(0, offered.members - 1, min(SAMPLE, offered.members)).astype(np.int64))
    few = offered.take(some)
    block = few.block(slice(0, len(some)))
    return Demand.of(
        few.open_to.allowed(slice(None)),
        block.use,
        block.channel,
        channels=_channels(limits),
        times=offered.members / len(some) * (1 - design.held_out) * design.explored,
    )


def _of(offered: Offered, offer: NDArray[np.int16], design: Design, limits: Constraints) -> Explored:
    explorers = np.flatnonzero(offer >= 0)
    few = offered.take(explorers)
    parts = share(lambda part: _pairs(few, offer[explorers][part], part), few.crowd.parts())
    use, value, channel = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else _no_pairs()
    by_channel, exactly = None if offered.carried is None else channel, value.astype(np.float64)
    taken = Taken.of(offer[explorers], use, by_channel, exactly, offers=offered.offers, channels=_channels(limits))
    return Explored(offer, value, design, taken, less(limits, taken))


def _pairs(few: Offered, offer: NDArray[np.int16], part: slice) -> tuple[NDArray, NDArray, NDArray]:
    """Use of money in whole millionths, value and channel of the pairs that were drawn."""
    block, rows = few.block(part), np.arange(len(offer))
    channel = np.zeros(len(offer), np.int8) if block.channel is None else block.channel[rows, offer]
    use = whole_millionths(block.use[rows, offer]) / MILLIONTHS
    return use, block.value[rows, offer], channel


def _no_pairs() -> tuple[NDArray, NDArray, NDArray]:
    return np.zeros(0), np.zeros(0, np.float32), np.zeros(0, np.int8)


def _channels(limits: Constraints) -> int:
    return 0 if limits.capacity is None else len(limits.capacity)
