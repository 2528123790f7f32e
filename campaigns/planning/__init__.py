"""From a campaign to a plan: load what is known, compute, and write nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns import responses, scorers
from campaigns.assignment import constraints as limited
from campaigns.assignment import exploration, holdout, solver
from campaigns.assignment.constraints import Constraints, LimitRefused
from campaigns.funnel import funnel
from campaigns.plan import Planned
from campaigns.planning import audience, deciding, exploring, generic, objective, offered, openness, withheld
from campaigns.planning.crowd import Crowd
from campaigns.planning.exploring import Explored
from campaigns.planning.inputs import Inputs, Limit
from campaigns.planning.offered import Offered, Valuing
from campaigns.scoring.affinity import affinities
from loyalty import profiles
from loyalty.profiles import refs
from loyalty.profiling.refs import Refs
from loyalty.profiling.table import Profiles, day_number
from loyalty.refusal import Refused
from loyalty.stated import told
from offers import catalog
from offers.rules import costs
from offers.rules.eligibility import Eligibility
from offers.rules.terms import TermsTable

__all__ = ["Inputs", "Limit", "Worth", "check", "eligible", "plan", "worth"]

Report = Callable[[str], None]


@dataclass(frozen=True)
class Worth:
    """What each of k offers is worth to us for each of n members (n, k): expected incremental margin in money, the
    affinity for its department, and the expected cost of redemptions, which budgets count."""

    value: NDArray[np.float32]
    affinity: NDArray[np.float64]
    use: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lots:
    """What chance has in store for n members: the `Arm` of each (n,), and by a salt of its own four numbers (n, 4).

    By the first three they explore (`exploration.Chances`), and by the last ties are broken.
    """

    arm: NDArray[np.uint8]
    chance: NDArray[np.uint64]

    def of(self, arm: holdout.Arm) -> NDArray[np.int64]:
        """The rows of those in this arm."""
        return np.flatnonzero(self.arm == arm)


def plan(inputs: Inputs, *, report: Report = lambda _: None) -> Planned:
    """Decide what every member in reach is offered, if anything, and who is held out. Stores and sends nothing.

    Members leave for want of consent or of an offer they may have before chance comes in, so the arms are alike.
    Refused for limits that no assignment respects, by their names.
    """
    everyone = profiles.opened(inputs.snapshot, on=inputs.on)
    terms = catalog.terms_table(inputs.terms, everyone)
    check(inputs, terms)
    report("Choosing the audience")
    found = audience.of(everyone, inputs)
    reached = Crowd(everyone, found.rows, told.of(everyone.member_ids[found.rows]))
    report("Checking who may have which offer")
    open_to = openness.judged(reached, found.reach, terms, inputs)
    some = open_to.some
    named = refs.opened(inputs.snapshot, everyone.member_ids).take(found.rows[some])
    lots = _lots(named, inputs)
    pairs = Offered(
        crowd=reached.take(some),
        open_to=open_to.take(some),
        valuing=_valuing(inputs, terms, everyone, members=len(reached)),
        tie=np.ascontiguousarray(lots.chance[:, -1]),
        reach=found.reach[some],
        most=None if found.most is None else found.most[some],
        carried=offered.channels(inputs, terms),
        weight=objective.weights(everyone, inputs.campaign, rows=found.rows[some]),
    )
    decided = _decided(pairs, lots, inputs, offered.constraints(inputs, terms), report)
    report("Writing down what each is given, and why")
    return Planned(
        plan=deciding.plan(pairs, decided),
        funnel=funnel(
            everyone=len(everyone),
            audience=found.counts,
            kept_from_all=open_to.kept_from_all,
            counts=deciding.counts(decided),
        ),
        assignment=deciding.everything(decided.assignment, decided.generic.taken + decided.explored.taken),
    )


def check(inputs: Inputs, terms: TermsTable) -> None:
    """Refused for limits that contradict one another or say nothing, by their names; before anything is computed."""
    try:
        limited.check(offered.constraints(inputs, terms), len(terms), terms.names)
    except LimitRefused as refusal:
        raise Refused(str(refusal)) from refusal


def eligible(
    members: Profiles,
    terms: TermsTable,
    inputs: Inputs,
    *,
    channels: NDArray[np.bool_] | None = None,
    before: dt.datetime | None = None,
) -> Eligibility:
    """Which offer is open to whom of a few members, and why not; `channels` (n, c) says by which of the campaign's each
    is reached.

    What was redeemed counts up to now, or up to the moment `before`.
    """
    if channels is None:
        reach = audience.by_channel(members, inputs.campaign)
    else:
        reach = (channels @ (1 << np.arange(channels.shape[1]))).astype(np.uint8)
    redeemed = responses.redemptions_so_far(terms.offer_refs, before=before)
    return openness.of_members(members, terms, inputs, reach=reach, redeemed=redeemed)


def worth(members: Profiles, terms: TermsTable, inputs: Inputs) -> Worth:
    """What the run's scorer makes of each offer for each of a few members."""
    valuing = _valuing(inputs, terms, profiles.opened(inputs.snapshot, on=inputs.on), members=len(members))
    scores = valuing.scores(members)
    return Worth(
        value=scores.value,
        affinity=affinities(members, terms.departments),
        use=scores.redeem * valuing.redemption_cost(members),
    )


def _valuing(inputs: Inputs, terms: TermsTable, everyone: Profiles, *, members: int) -> Valuing:
    """For so many members in all, as everyone's profiles tell of them."""
    cost, day = float(inputs.campaign.contact_cost), day_number(everyone.as_of)
    return Valuing(
        scorer=scorers.opened(inputs.scorer).asked(terms, day=day, contact_cost=cost, members=members),
        usual_basket=offered.usual_basket(everyone),
        costs=costs.redemption_costs(terms),
    )


def _lots(named: Refs, inputs: Inputs) -> Lots:
    return Lots(
        arm=holdout.layers(named, inputs.layers),
        chance=holdout.hashes(named, salt=f"{inputs.campaign.salt}|explore"),
    )


def _decided(pairs: Offered, lots: Lots, inputs: Inputs, limits: Constraints, report: Report) -> deciding.Decided:
    """What the generic group has and explorers draw, what is assigned to everybody else who is not held out, and what
    the held out would have been assigned."""
    shares, members = inputs.layers.shares, lots.of(holdout.Arm.GENERIC)
    part = shares[holdout.Arm.GENERIC] / max(shares[holdout.Arm.GENERIC] + shares[holdout.Arm.TREATED], 1e-12)
    same = generic.generic(pairs, members, limits, part=part)
    explored = _explored(pairs, lots, inputs, exploration.less(limits, same.taken))
    others = np.flatnonzero((lots.arm == holdout.Arm.TREATED) & (explored.offer < 0))
    report(f"Assigning {pairs.offers} offers to {len(others):,} members within the limits")
    try:
        assignment = solver.assign(
            pairs.take(others), explored.left, names=[terms.name for terms in inputs.terms], report=report
        )
    except LimitRefused as refusal:
        raise Refused(str(refusal)) from refusal
    held_out = np.flatnonzero((lots.arm == holdout.Arm.HELD_OUT) | (lots.arm == holdout.Arm.UNIVERSAL))
    offer = np.full((pairs.members, max(1, assignment.offer.shape[1])), -1, dtype=np.int16)
    offer[:, 0] = explored.offer
    offer[members, 0], offer[others] = same.offer, assignment.offer
    return deciding.Decided(
        arm=lots.arm,
        shares=shares,
        explored=explored,
        generic=same,
        withheld=withheld.withheld(pairs.take(held_out), assignment, explored.left),
        undrawn=withheld.withheld(pairs.take(np.flatnonzero(explored.offer >= 0)), assignment, explored.left),
        offer=offer,
        assignment=assignment,
    )


def _explored(pairs: Offered, lots: Lots, inputs: Inputs, limits: Constraints) -> Explored:
    campaign = inputs.campaign
    return exploring.explored(
        pairs,
        exploration.Chances.of(lots.chance) if campaign.share_explored else None,
        lots.arm == holdout.Arm.TREATED,
        limits,
        held_out=float(np.delete(inputs.layers.shares, holdout.Arm.TREATED).sum()),
        share_explored=float(campaign.share_explored),
    )
