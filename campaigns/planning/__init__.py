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
from campaigns.models import Campaign
from campaigns.plan import Planned
from campaigns.planning import audience, deciding, exploring, offered, openness
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
    """What chance has in store for n members: who is held out (n,), and by a salt of its own four numbers each (n, 4).

    By the first three they explore (`exploration.Chances`), and by the last ties are broken.
    """

    held_out: NDArray[np.bool_]
    chance: NDArray[np.uint64]


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
    lots = _lots(named, inputs.campaign)
    pairs = Offered(
        crowd=reached.take(some),
        open_to=open_to.take(some),
        valuing=_valuing(inputs, terms, everyone, members=len(reached)),
        tie=np.ascontiguousarray(lots.chance[:, -1]),
        reach=found.reach[some],
        most=None if found.most is None else found.most[some],
        carried=offered.channels(inputs, terms),
    )
    decided = _decided(pairs, lots, inputs, offered.constraints(inputs, terms), report)
    report("Writing down what each is given, and why")
    treated = ~decided.held_out
    return Planned(
        plan=deciding.plan(pairs, decided),
        funnel=funnel(
            everyone=len(everyone),
            audience=found.counts,
            kept_from_all=open_to.kept_from_all,
            decided=len(treated),
            treated=int(treated.sum()),
            assigned=int((decided.offer[:, 0] >= 0).sum()),
        ),
        assignment=deciding.everything(decided.assignment, decided.explored, decided.limits),
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


def _lots(named: Refs, campaign: Campaign) -> Lots:
    return Lots(
        held_out=holdout.arms(named, salt=campaign.salt, share_held_out=float(campaign.share_held_out)),
        chance=holdout.hashes(named, salt=f"{campaign.salt}|explore"),
    )


def _decided(pairs: Offered, lots: Lots, inputs: Inputs, limits: Constraints, report: Report) -> deciding.Decided:
    """What explorers draw, and what is assigned to everybody else who is not held out."""
    explored = _explored(pairs, lots, inputs.campaign, limits)
    others = np.flatnonzero(~lots.held_out & (explored.offer < 0))
    report(f"Assigning {pairs.offers} offers to {len(others):,} members within the limits")
    try:
        assignment = solver.assign(
            pairs.take(others), explored.left, names=[terms.name for terms in inputs.terms], report=report
        )
    except LimitRefused as refusal:
        raise Refused(str(refusal)) from refusal
    offer = np.full((pairs.members, max(1, assignment.offer.shape[1])), -1, dtype=np.int16)
    offer[:, 0] = explored.offer
    offer[others] = assignment.offer
    return deciding.Decided(lots.held_out, explored, offer, assignment, limits)


def _explored(pairs: Offered, lots: Lots, campaign: Campaign, limits: Constraints) -> Explored:
    return exploring.explored(
        pairs,
        exploration.Chances.of(lots.chance) if campaign.share_explored else None,
        ~lots.held_out,
        limits,
        held_out=float(campaign.share_held_out),
        share_explored=float(campaign.share_explored),
    )
