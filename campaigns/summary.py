"""What a plan or a run came to, in the same words and numbers for both: a dry run is comparable with the live one."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db.models import Count, Manager, TextChoices

from campaigns import wording
from campaigns.assignment.usage import OfferUse
from campaigns.expectation import expectation
from campaigns.models import Campaign, Delivery, Ghost, Run, RunOffer, Scorer
from campaigns.plan import Planned
from campaigns.planning import Inputs
from loyalty.models.consent import Channel

Summary = dict[str, Any]

FALLBACK = "affinity"  # the kind of scorer that decides while none of incremental margin is good enough


def of_plan(inputs: Inputs, planned: Planned) -> Summary:
    """What the campaign would do now; keys as `manage.py run --json` prints them, and those of `outlook`."""
    plan, assignment = planned.plan, planned.assignment
    return {
        "campaign": inputs.campaign.ref,
        "run": None,
        "snapshot": inputs.snapshot.pk,
        "members": inputs.snapshot.members,
        "eligible": len(plan.member_ids),
        "arms": plan.arms,
        "assigned": int(np.count_nonzero((plan.offer >= 0).any(axis=1))),
        "spend": assignment.total.spend,
        "offers": [
            _offer(terms.offer.ref, terms.name, use, limit.least)
            for terms, limit, use in zip(inputs.terms, inputs.limits, assignment.offers, strict=True)
        ],
        "value": assignment.value,
        "bound": assignment.bound,
        "gap": assignment.gap,
        "share_of_bound": _rounded_down(1 - assignment.gap),
        "funnel": planned.funnel.as_json(),
        **outlook(inputs, planned),
    }


def of_run(run: Run) -> Summary:
    """What a run has done, read back from the record."""
    first = run.decisions.filter(rank=0)
    arms = {row["arm"]: row["members"] for row in first.values("arm").annotate(members=Count("*"))}
    offers = run.offers.select_related("offer", "approval__terms").order_by("position")
    return {
        "campaign": run.campaign.ref,
        "run": run.pk,
        "snapshot": run.snapshot_id,
        "members": run.snapshot.members if run.snapshot else None,
        "eligible": sum(arms.values()),
        "arms": arms,
        "assigned": first.filter(run_offer__isnull=False).count(),
        "spend": sum(each.spend for each in offers),
        "offers": [_offer(each.offer.ref, each.name, each, each.least) for each in offers],
        "value": run.value,
        "bound": run.bound,
        "gap": run.gap,
        "share_of_bound": None if run.gap is None else _rounded_down(1 - run.gap),
        "funnel": run.funnel,
        **run.outlook,
    }


def outlook(inputs: Inputs, planned: Planned) -> Summary:
    """What is known only while planning, and kept beside a run: what it is expected to bring, on what that rests, and
    what became of the limits over all offers."""
    plan, assignment = planned.plan, planned.assignment
    expected = expectation(inputs, plan.member_ids, plan.offer, spend=assignment.total.spend)
    return {
        "expected": expected.as_json(),
        "given": assignment.total.assigned,
        "explored": int(np.count_nonzero(plan.explored)),
        "total": asdict(assignment.total),
        "channels": [
            {"channel": channel, **asdict(use)}
            for channel, use in zip(inputs.campaign.channels, assignment.channels, strict=False)
        ],
        "scorer": _scorer(inputs.scorer),
        "profiles": inputs.snapshot.as_of.isoformat(),
        "plan": in_words(inputs.campaign),
    }


def in_words(campaign: Campaign) -> list[list[str]]:
    """The facts of the plan, each with its label, so that two plans can be compared though the draft has changed."""
    own = [[f"{name} ({ref})", said or "no limit of its own"] for name, ref, said in wording.offers(campaign)]
    return [*([label, said] for label, said in wording.facts(campaign)), *own]


def _scorer(scorer: Scorer) -> Summary:
    """Which scorer decides and why; `is_fallback` where it does not compare what members do with what they would have
    done."""
    return {
        "pk": scorer.pk,
        "kind": scorer.kind,
        "why": scorer.why,
        "is_fallback": scorer.kind == FALLBACK,
    }


def _rounded_down(share: float) -> float:
    """To a hundredth of a per cent: what is said to be at least so much must be."""
    return math.floor(share * 1e4) / 1e4


def _offer(ref: str, name: str, use: OfferUse | RunOffer, least: int | None) -> Summary:
    """One offer: what it was given, may use and has left, and what one more member or unit of money would earn."""
    budget = None if use.budget is None else float(use.budget)
    return {
        "offer_ref": ref,
        "name": name,
        "assigned": use.assigned,
        "least": least,
        "limit": use.limit,
        "slack": None if use.limit is None else use.limit - use.assigned,
        "spend": use.spend,
        "budget": budget,
        "budget_slack": None if budget is None else budget - use.spend,
        "price": use.price,
        "budget_price": use.budget_price,
    }


def deliveries(run: Run) -> list[dict[str, Any]]:
    """Messages by channel, state and reason of refusal, with their number; then those that were withheld."""
    return [*_written(run.deliveries, Delivery.State), *_written(run.ghosts, Ghost.State)]


def _written(rows: Manager[Any], states: type[TextChoices]) -> Iterator[dict[str, Any]]:
    found = rows.values("channel", "state", "reason").annotate(members=Count("id"))
    for row in found.order_by("channel", "-state", "-members"):
        yield {**row, "channel": Channel(row["channel"]).label, "state": states(row["state"]).label}
