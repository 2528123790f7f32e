"""From a campaign to a plan: load what is known, compute, and write nothing."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from campaigns import responses, scorers
from campaigns.assignment import holdout, optimiser
from campaigns.assignment.constraints import Constraints
from campaigns.funnel import funnel
from campaigns.models import Campaign, Scorer
from campaigns.plan import Plan, Planned
from campaigns.scoring import affinity
from loyalty import consent, profiles, segmentation
from loyalty.models import Member, SegmentVersion, Snapshot
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles, day_number
from loyalty.segmentation import recorded
from loyalty.stated import told
from offers import catalog
from offers.models import Terms
from offers.rules import costs, eligibility
from offers.rules.terms import TermsTable

Report = Callable[[str], None]

ASKED_EACH = 5_000  # of so few members consent is read for each, and of more for everybody


@dataclass(frozen=True)
class Limit:
    """What one offer may use: members, and expected cost of redemptions in money; None for no limit."""

    count: int | None
    budget: Decimal | None


@dataclass(frozen=True)
class Inputs:
    """Everything a plan depends on, named so that a run can be replayed from its record."""

    campaign: Campaign
    snapshot: Snapshot
    segment_version: SegmentVersion
    scorer: Scorer
    terms: Sequence[Terms]
    limits: Sequence[Limit]
    on: dt.date
    asked_versions: Sequence[SegmentVersion] = ()  # of the segments that the segment's rule asks for


@dataclass(frozen=True)
class Worth:
    """What each of k offers is worth to us for each of n members (n, k): expected incremental margin in money, the
    affinity it rests on, and the expected cost of redemptions, which budgets count."""

    value: np.ndarray
    affinity: np.ndarray
    use: np.ndarray


def plan(inputs: Inputs, *, report: Report = lambda _: None) -> Planned:
    """Decide one offer or nothing for every member in reach, and who is held out. Stores and sends nothing.

    Members leave for want of consent or of an offer they may have before chance comes in, so the arms are alike.
    """
    everyone = profiles.opened(inputs.snapshot, on=inputs.on)
    terms = catalog.terms_table(inputs.terms, everyone)
    report("Choosing the audience")
    audience = everyone.take(_in_segment(everyone, inputs))
    channels = _channels(audience, inputs.campaign)
    is_reached = np.any(channels, axis=1)
    reached = told.beside(audience.take(is_reached))
    report("Checking who may have which offer")
    open_to = eligible(reached, terms, inputs, channels=channels[is_reached])
    some = np.any(open_to.allowed, axis=1)
    decided, allowed = reached.take(some), open_to.allowed[some]
    report(f"Valuing {len(terms)} offers for {len(decided):,} members")
    offered = worth(decided, terms, inputs)
    report("Assigning within the limits")
    units = _refs(decided)
    held_out = holdout.arms(units, salt=inputs.campaign.salt, share_held_out=float(inputs.campaign.share_held_out))
    assignment = optimiser.assign(
        offered.value[~held_out],
        allowed[~held_out],
        offered.use[~held_out],
        _constraints(inputs),
        tie=_ties(units, inputs.campaign.salt)[~held_out],
    )
    offer = np.full(len(decided), -1, dtype=np.int16)
    offer[~held_out] = assignment.offer
    return Planned(
        plan=_as_plan(decided, held_out, offer, np.where(allowed, offered.value, -np.inf), inputs.campaign),
        funnel=funnel(
            everyone=len(everyone),
            audience=len(audience),
            reached=len(reached),
            open_to=open_to,
            held_out=held_out,
            offer=offer,
        ),
        assignment=assignment,
    )


def eligible(
    members: Profiles,
    terms: TermsTable,
    inputs: Inputs,
    *,
    channels: np.ndarray | None = None,
    before: dt.datetime | None = None,
) -> eligibility.Eligibility:
    """Which offer is open to whom, and why not; `channels` (n, c) says by which of the campaign's each is reached.

    What was redeemed counts up to now, or up to the moment `before`.
    """
    if channels is None:
        channels = _channels(members, inputs.campaign)
    carries = np.array([[channel in offered for offered in terms.channels] for channel in inputs.campaign.channels])
    return eligibility.allowed(
        members,
        terms,
        on_day=day_number(inputs.on),
        redeemed=responses.redeemed(members.member_ids, terms.offer_refs, before=before),
        reachable=channels @ carries,
    )


def worth(members: Profiles, terms: TermsTable, inputs: Inputs) -> Worth:
    """What the run's scorer makes of each offer for each member."""
    scorer = scorers.opened(inputs.scorer)
    scores = affinity.values(scorer, members, terms, contact_cost=float(inputs.campaign.contact_cost))
    cost = costs.redemption_cost(terms, _baskets(members, profiles.opened(inputs.snapshot, on=inputs.on)))
    return Worth(value=scores.value, affinity=scores.affinity, use=scores.redeem * cost)


def _baskets(members: Profiles, everyone: Profiles) -> np.ndarray:
    """Average baskets, everyone's middle one where none is known: nobody's percentage off is free."""
    basket, all_baskets = members.column("average_basket"), everyone.column("average_basket")
    known = all_baskets[~np.isnan(all_baskets)]
    return np.where(np.isnan(basket), np.median(known) if known.size else 0.0, basket)


def _in_segment(members: Profiles, inputs: Inputs) -> np.ndarray:
    find = recorded.finding(inputs.asked_versions)
    return segments.matching(segmentation.parsed(inputs.segment_version.rule, members, find=find), members)


def _channels(members: Profiles, campaign: Campaign) -> np.ndarray:
    """(n, c): may member i be contacted by the campaign's channel j?"""
    asked = members.member_ids.tolist() if len(members) <= ASKED_EACH else None
    agreed = [list(consent.contactable(channel, members=asked)) for channel in campaign.channels]
    return np.stack([np.isin(members.member_ids, np.array(ids, dtype=np.int64)) for ids in agreed], axis=1)


def _refs(members: Profiles) -> list[str]:
    """References in the order of the members: the hash that holds out is of what the retailer calls a member."""
    refs = dict(Member.objects.values_list("pk", "ref"))
    return [refs[member] for member in members.member_ids.tolist()]


def _ties(units: Sequence[str], salt: str) -> np.ndarray:
    return (holdout.uniforms(units, salt=f"{salt}|tie") * 2.0**53).astype(np.uint64)


def _constraints(inputs: Inputs) -> Constraints:
    total = inputs.campaign.total_budget
    return Constraints(
        count_limit=np.array([-1 if each.count is None else each.count for each in inputs.limits], dtype=np.int64),
        budget=np.array([np.nan if each.budget is None else float(each.budget) for each in inputs.limits]),
        total_budget=None if total is None else float(total),
        contacts=inputs.campaign.contact_limit,
    )


def _as_plan(
    members: Profiles, held_out: np.ndarray, offer: np.ndarray, values: np.ndarray, campaign: Campaign
) -> Plan:
    share = float(campaign.share_held_out)
    given = np.where(offer >= 0, np.take_along_axis(values, np.maximum(offer, 0)[:, None], axis=1)[:, 0], 0.0)
    return Plan(
        member_ids=np.asarray(members.member_ids),
        held_out=held_out,
        offer=offer,
        score=np.where(held_out, np.maximum(values.max(axis=1), 0.0), given),
        probability=np.where(held_out, share, 1 - share),
    )
