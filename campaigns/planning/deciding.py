"""From the assignment and the draws to one plan: who gets what, what that is expected to bring, and by which chance."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.exploration import Taken
from campaigns.assignment.holdout import Arm
from campaigns.assignment.solver import Assignment
from campaigns.assignment.usage import OfferUse
from campaigns.funnel import Counts
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
    what the generic group has, what the held out and those who drew would have had, in the order of the members of each
    of these, and what everybody is given (n, each) by which assignment."""

    arm: NDArray[np.uint8]
    shares: Array
    explored: Explored
    generic: Generic
    withheld: Withheld
    undrawn: Withheld
    offer: NDArray[np.int16]
    assignment: Assignment

    @property
    def held_out(self) -> NDArray[np.bool_]:
        return np.asarray((self.arm == Arm.HELD_OUT) | (self.arm == Arm.UNIVERSAL))


def plan(offered: Offered, decided: Decided) -> Plan:
    """Every decision with its expected incremental margin and its probability (`campaigns.assignment.exploration`)."""
    probability, as_drawn = np.empty(decided.offer.shape), _as_drawn(decided)

    def fill(part: slice) -> None:
        probability[part] = _probabilities(offered.open_to, decided, as_drawn, part)

    share(fill, offered.crowd.parts())
    held_out, withheld = decided.held_out, np.full(decided.offer.shape, -1, dtype=np.int16)
    withheld[held_out] = decided.withheld.offer
    probability[decided.arm == Arm.GENERIC] *= decided.generic.chance[:, None]
    return Plan(
        member_ids=offered.crowd.member_ids,
        arm=decided.arm,
        explored=decided.explored.offer >= 0,
        offer=decided.offer,
        withheld=withheld,
        score=_scores(decided) if offered.weight is None else _scores(decided) / offered.weight[:, None],
        probability=probability,
    )


def _scores(decided: Decided) -> NDArray[np.float32]:
    """Of what is given, or withheld; each was found with what it is."""
    explorers = decided.explored.offer >= 0
    score = np.zeros(decided.offer.shape, dtype=np.float32)
    score[decided.held_out] = decided.withheld.score
    score[decided.arm == Arm.GENERIC, 0] = decided.generic.score
    score[explorers, 0] = decided.explored.score
    score[(decided.arm == Arm.TREATED) & ~explorers] = decided.assignment.worth
    return score


def counts(decided: Decided) -> Counts:
    """How many members became what, and of those who are given nothing, why."""
    per_arm = np.bincount(decided.arm, minlength=len(Arm)).tolist()
    assigned = decided.assignment
    return Counts(
        decided=len(decided.arm),
        universal=per_arm[Arm.UNIVERSAL],
        held_out=per_arm[Arm.HELD_OUT],
        assigned=int((decided.offer[:, 0] >= 0).sum()),
        unworthy=int(((assigned.offer[:, 0] < 0) & ~assigned.pays).sum()),
        not_for_them=int((~decided.generic.suits).sum()),
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


def _probabilities(open_to: Openness, decided: Decided, as_drawn: NDArray[np.bool_], part: slice) -> Array:
    design, arm = decided.explored.design, decided.arm[part]
    if not design.explored:
        policy = np.full(decided.offer[part].shape, 1 - design.held_out)
    else:
        policy = _with_chance(open_to, decided, as_drawn, part)
    apart = arm != Arm.TREATED
    policy[apart] = decided.shares[arm[apart], None]
    return policy


def _with_chance(open_to: Openness, decided: Decided, as_drawn: NDArray[np.bool_], part: slice) -> Array:
    """Of what is given: by chance, by the policy, or by either where both would give it."""
    design, offer = decided.explored.design, decided.offer[part]
    menu = open_to.menu(part)
    by_policy = design.by_policy(menu, open_to.sums(design.stands, part)) * as_drawn[part]
    by_chance = np.where(offer >= 0, design.by_chance(np.maximum(menu, 1)[:, None], np.maximum(offer, 0)), 0.0)
    return np.asarray(by_policy[:, None] + by_chance)


def _as_drawn(decided: Decided) -> NDArray[np.bool_]:
    """(n,): whom the policy would give what they have: everybody but explorers who drew something else."""
    found, explorers = np.ones(len(decided.arm), dtype=np.bool_), np.flatnonzero(decided.explored.offer >= 0)
    found[explorers] = (decided.offer[explorers, :1] == decided.undrawn.offer).any(axis=1)
    return found
