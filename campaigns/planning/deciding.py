"""From the assignment and the draws to one plan: who gets what, what that is expected to bring, and by which chance."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.choice import choice
from campaigns.assignment.constraints import Constraints
from campaigns.assignment.exploration import Taken
from campaigns.assignment.holdout import Arm
from campaigns.assignment.pairs import Block
from campaigns.assignment.rows import rules
from campaigns.assignment.solver import Assignment
from campaigns.assignment.usage import OfferUse
from campaigns.plan import Plan
from campaigns.planning.exploring import Explored
from campaigns.planning.generic import Generic
from campaigns.planning.offered import Offered
from campaigns.planning.openness import Openness
from campaigns.planning.withheld import Withheld
from loyalty.profiling.cores import share

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Decided:
    """What was found for n members: the `Arm` of each (n,), with the planned share of each arm (4,), what chance drew,
    what the generic group and the held out have and would have had, in the order of the members of those arms, and what
    each is given (n, each) at which prices."""

    arm: NDArray[np.uint8]
    shares: Array
    explored: Explored
    generic: Generic
    withheld: Withheld
    offer: NDArray[np.int16]
    assignment: Assignment
    limits: Constraints

    @property
    def held_out(self) -> NDArray[np.bool_]:
        return np.asarray((self.arm == Arm.HELD_OUT) | (self.arm == Arm.UNIVERSAL))


def plan(offered: Offered, decided: Decided) -> Plan:
    """Every decision with its expected incremental margin and its probability (`campaigns.assignment.exploration`)."""
    score = np.zeros(decided.offer.shape, dtype=np.float32)
    probability = np.zeros(decided.offer.shape)

    def fill(part: slice) -> None:
        block = offered.block(part)
        score[part] = _scores(block, decided, part)
        probability[part] = _probabilities(block, offered.open_to, decided, part)

    share(fill, offered.crowd.parts())
    held_out, withheld = decided.held_out, np.full(decided.offer.shape, -1, dtype=np.int16)
    withheld[held_out], score[held_out] = decided.withheld.offer, decided.withheld.score
    probability[decided.arm == Arm.GENERIC] *= decided.generic.chance[:, None]
    return Plan(
        member_ids=offered.crowd.member_ids,
        arm=decided.arm,
        explored=decided.explored.offer >= 0,
        offer=decided.offer,
        withheld=withheld,
        score=score,
        probability=probability,
    )


def everything(assignment: Assignment, taken: Taken) -> Assignment:
    """The assignment with what was taken beside it: of every limit as it was stated."""
    value, bound = assignment.value + taken.value, assignment.bound + taken.value
    offers = zip(assignment.offers, taken.count.tolist(), taken.money.tolist(), strict=True)
    channels = zip(assignment.channels, taken.carried.tolist(), strict=True) if assignment.channels else ()
    return replace(
        assignment,
        value=value,
        bound=bound,
        gap=max(0.0, 1 - value / bound) if bound > 0 else 0.0,
        offers=tuple(_with(use, count, money) for use, count, money in offers),
        total=_with(assignment.total, int(taken.count.sum()), float(taken.money.sum())),
        channels=tuple(_with(use, count, 0.0) for use, count in channels),
    )


def _with(use: OfferUse, count: int, money: float) -> OfferUse:
    return replace(
        use,
        assigned=use.assigned + count,
        limit=None if use.limit is None else use.limit + count,
        spend=use.spend + money,
        budget=None if use.budget is None else use.budget + money,
    )


def _scores(block: Block, decided: Decided, part: slice) -> NDArray[np.float32]:
    """Of what is given."""
    offer = decided.offer[part]
    given = np.take_along_axis(block.value, np.maximum(offer, 0).astype(np.intp), axis=1)
    return np.where(offer >= 0, given, np.float32(0))


def _probabilities(block: Block, open_to: Openness, decided: Decided, part: slice) -> Array:
    design, offer = decided.explored.design, decided.offer[part]
    if not design.explored:
        policy = np.full(offer.shape, 1 - design.held_out)
    else:
        policy = _with_chance(block, open_to, decided, part)
    arm = decided.arm[part]
    apart = arm != Arm.TREATED
    policy[apart] = decided.shares[arm[apart], None]
    return policy


def _with_chance(block: Block, open_to: Openness, decided: Decided, part: slice) -> Array:
    """Of what is given: by chance, by the policy, or by either where both would give it."""
    design, offer = decided.explored.design, decided.offer[part]
    menu = open_to.menu(part)
    by_policy = design.by_policy(menu, open_to.sums(design.stands, part))
    policy = np.repeat(by_policy[:, None], offer.shape[1], axis=1)
    by_chance = np.where(offer >= 0, design.by_chance(np.maximum(menu, 1)[:, None], np.maximum(offer, 0)), 0.0)
    explorers = np.flatnonzero(decided.explored.offer[part] >= 0)
    if explorers.size:
        would = _by_policy(block, decided, explorers)
        policy[explorers] *= np.any(offer[explorers, :1] == would, axis=1)[:, None]
    return np.asarray(policy + by_chance)


def _by_policy(block: Block, decided: Decided, explorers: NDArray[np.intp]) -> NDArray[np.int16]:
    """What explorers would have been given at the prices that the others pay."""
    agreed, found = rules(decided.limits), decided.assignment
    use, prices = block.use[explorers], np.array([[each.price, each.budget_price] for each in found.offers])
    charge = prices[:, 0] + found.total.price + use * (prices[:, 1] + found.total.budget_price)
    if block.channel is not None:
        charge = charge + np.array([*(each.price for each in found.channels), 0.0])[block.channel[explorers]]
    most = np.full(len(explorers), agreed.each, np.int64)
    if block.most is not None:
        most = np.minimum(most, block.most[explorers])
    return choice(block.value[explorers] - charge, most, agreed.category, agreed.each).offer
