"""The competent generic campaign: the one offer that is best for all, to whomever of the generic group it is worth it.

Against it personal offers are measured. Which offer it is, is asked of all members alike, whatever their arm.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.exploration import NOTHING, Taken
from campaigns.assignment.limits import MILLIONTHS, whole_millionths
from campaigns.assignment.pairs import Block
from campaigns.planning.offered import Offered
from loyalty.profiling.cores import share

SAMPLE = 2**16  # members who stand for all, spread evenly, where these are more

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Generic:
    """Of m generic members, (m,) each: the `offer` given, -1 for nothing; whether the group's offer suits them; what it
    is worth in money where it is given; and the chance that whoever is in the group has what they have. `taken` is what
    they took from the limits together."""

    offer: NDArray[np.int16]
    suits: NDArray[np.bool_]
    score: NDArray[np.float32]
    chance: Array
    taken: Taken


@dataclass(frozen=True)
class _Wanting:
    """Members whom the offer is worth something: their rows (w,), and what the pair has."""

    row: NDArray[np.intp]
    value: NDArray[np.float32]
    use: Array
    channel: NDArray[np.int8]
    tie: NDArray[np.uint64]

    def take(self, index: NDArray) -> "_Wanting":
        return _Wanting(self.row[index], self.value[index], self.use[index], self.channel[index], self.tie[index])


def generic(offered: Offered, members: NDArray[np.int64], limits: Constraints, *, part: float) -> Generic:
    """What those of these members have who are generic (m,), by their rows.

    They take no more of any limit than their `part` of all who are given offers. Where more want the offer than that
    lets in, a hash says who.
    """
    best, few = best_single(offered, limits) if len(members) else NOTHING, offered.take(members)
    wanting = _wanting(few, best)
    inside = wanting.take(_let_in(wanting, best, limits, part))
    served = len(inside.row) / len(wanting.row) if len(wanting.row) else 1.0
    found = Generic(
        offer=np.full(len(members), NOTHING, dtype=np.int16),
        suits=np.zeros(len(members), dtype=np.bool_),
        score=np.zeros(len(members), dtype=np.float32),
        chance=np.ones(len(members)),
        taken=_taken(inside, best, offered, limits),
    )
    found.suits[wanting.row] = True
    found.chance[wanting.row], found.chance[inside.row] = 1 - served, served
    found.offer[inside.row], found.score[inside.row] = best, inside.value
    return found


def best_single(offered: Offered, limits: Constraints) -> int:
    """The offer that would earn most if it alone were given to all whom it is worth it, first come, first served, as
    far as its limits go; NOTHING where none earns anything."""
    some = np.unique(np.linspace(0, offered.members - 1, min(SAMPLE, offered.members)).astype(np.int64))
    few = offered.take(some)
    sums = np.sum(share(lambda part: _sums(few.block(part), limits), few.crowd.parts()), axis=0)
    value, count, money, *carried = sums * (offered.members / len(some))
    earned = value * _as_far_as_it_goes(count, money, np.array(carried), limits)
    return int(earned.argmax()) if earned.max(initial=0) > 0 else NOTHING


def _sums(block: Block, limits: Constraints) -> Array:
    """(3 + c, k): of those whom each offer is worth it, their value, their number, their use of money, and how many go
    by each channel."""
    wants = block.value > 0
    value = np.where(wants, block.value, 0).sum(axis=0, dtype=np.float64)
    money = np.where(wants, block.use, 0).sum(axis=0, dtype=np.float64)
    channels = range(0 if limits.capacity is None else len(limits.capacity))
    carried = [(wants & (block.channel == number)).sum(axis=0, dtype=np.float64) for number in channels]
    return np.stack([value, wants.sum(axis=0, dtype=np.float64), money, *carried])


def _as_far_as_it_goes(count: Array, money: Array, carried: Array, limits: Constraints) -> Array:
    """(k,): which share of those who want each offer its limits let in."""
    fits = np.ones(len(count))
    for wanted, limit in (
        (count, np.where(limits.count_limit < 0, np.inf, limits.count_limit)),
        (count, np.inf if limits.contacts is None else limits.contacts),
        (money, np.where(np.isnan(limits.budget), np.inf, limits.budget)),
        (money, np.inf if limits.total_budget is None else limits.total_budget),
    ):
        fits = np.minimum(fits, np.divide(limit, wanted, out=np.ones(len(count)), where=wanted > 0))
    if limits.capacity is None:
        return fits
    room = np.where(limits.capacity < 0, np.inf, limits.capacity)
    by_channels = np.minimum(carried, room[:, None]).sum(axis=0)
    return np.asarray(np.minimum(fits, np.divide(by_channels, count, out=np.ones(len(count)), where=count > 0)))


def _wanting(few: Offered, best: int) -> _Wanting:
    if best == NOTHING or not few.members:
        return _Wanting(np.zeros(0, np.intp), np.zeros(0, np.float32), np.zeros(0), np.zeros(0, np.int8), few.tie[:0])
    parts = share(lambda part: _of_block(few.block(part), best, part.start), few.crowd.parts())
    return _Wanting(*(np.concatenate([getattr(each, name) for each in parts]) for name in _Wanting.__annotations__))


def _of_block(block: Block, best: int, first: int) -> _Wanting:
    value = block.value[:, best]
    row = np.flatnonzero(value > 0)
    return _Wanting(
        row=row + first,
        value=value[row],
        use=whole_millionths(block.use[row, best]) / MILLIONTHS,
        channel=np.zeros(len(row), np.int8) if block.channel is None else block.channel[row, best],
        tie=block.tie[row],
    )


def _let_in(wanting: _Wanting, best: int, limits: Constraints, part: float) -> NDArray[np.intp]:
    """Which of those who want it get it: by hash, as far as their part of each limit goes."""
    if not len(wanting.row):
        return np.zeros(0, dtype=np.intp)
    order = np.argsort(wanting.tie, kind="stable")
    inside = _by_channel(wanting.channel[order], limits, part)
    order = order[inside]
    counts = [limits.contacts, int(limits.count_limit[best])]
    most = min([len(order), *(int(part * limit) for limit in counts if limit is not None and limit >= 0)])
    money = [limits.total_budget, float(limits.budget[best])]
    paid = min([np.inf, *(part * limit for limit in money if limit is not None and not np.isnan(limit))])
    return order[: min(most, int(np.searchsorted(np.cumsum(wanting.use[order]), paid, side="right")))]


def _by_channel(channel: NDArray[np.int8], limits: Constraints, part: float) -> NDArray[np.bool_]:
    """(w,): who is among the first whom their channel can carry."""
    inside = np.ones(len(channel), dtype=np.bool_)
    for number, capacity in enumerate([] if limits.capacity is None else limits.capacity.tolist()):
        if capacity >= 0:
            inside[np.flatnonzero(channel == number)[int(part * capacity) :]] = False
    return inside


def _taken(inside: _Wanting, best: int, offered: Offered, limits: Constraints) -> Taken:
    return Taken.of(
        np.full(len(inside.row), max(best, 0), dtype=np.int16),
        inside.use,
        None if offered.carried is None else inside.channel,
        inside.value.astype(np.float64),
        offers=offered.offers,
        channels=0 if limits.capacity is None else len(limits.capacity),
    )
