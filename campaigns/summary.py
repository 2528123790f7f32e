"""What a plan or a run came to, in the same words and numbers for both: a dry run is comparable with the live one."""

import math
from typing import Any

import numpy as np
from django.db.models import Count

from campaigns.assignment.usage import OfferUse
from campaigns.models import Delivery, Run, RunOffer
from campaigns.models.decision import HELD_OUT, TREATED
from campaigns.plan import Planned
from campaigns.planning import Inputs
from loyalty.models.consent import Channel

Summary = dict[str, Any]


def of_plan(inputs: Inputs, planned: Planned) -> Summary:
    """What the campaign would do now; keys as `manage.py run --json` prints them, and the funnel."""
    plan, assignment = planned.plan, planned.assignment
    held_out = int(np.count_nonzero(plan.held_out))
    return {
        "campaign": inputs.campaign.ref,
        "run": None,
        "snapshot": inputs.snapshot.pk,
        "members": inputs.snapshot.members,
        "eligible": len(plan.member_ids),
        "arms": {HELD_OUT: held_out, TREATED: len(plan.member_ids) - held_out},
        "assigned": assignment.total.assigned,
        "spend": assignment.total.spend,
        "offers": [
            _offer(terms.offer.ref, terms.name, use) for terms, use in zip(inputs.terms, assignment.offers, strict=True)
        ],
        "value": assignment.value,
        "bound": assignment.bound,
        "gap": assignment.gap,
        "share_of_bound": _rounded_down(1 - assignment.gap),
        "funnel": planned.funnel.as_json(),
    }


def of_run(run: Run) -> Summary:
    """What a run has done, read back from the record."""
    arms = {row["arm"]: row["members"] for row in run.decisions.values("arm").annotate(members=Count("id"))}
    offers = run.offers.select_related("offer", "approval__terms").order_by("position")
    return {
        "campaign": run.campaign.ref,
        "run": run.pk,
        "snapshot": run.snapshot_id,
        "members": run.snapshot.members if run.snapshot else None,
        "eligible": sum(arms.values()),
        "arms": arms,
        "assigned": run.decisions.filter(run_offer__isnull=False).count(),
        "spend": sum(each.spend for each in offers),
        "offers": [_offer(each.offer.ref, each.name, each) for each in offers],
        "value": run.value,
        "bound": run.bound,
        "gap": run.gap,
        "share_of_bound": None if run.gap is None else _rounded_down(1 - run.gap),
        "funnel": run.funnel,
    }


def _rounded_down(share: float) -> float:
    """To a hundredth of a per cent: what is said to be at least so much must be."""
    return math.floor(share * 1e4) / 1e4


def _offer(ref: str, name: str, use: OfferUse | RunOffer) -> Summary:
    """One offer: what it was given and may use, and what one more member or unit of money would earn."""
    return {
        "offer_ref": ref,
        "name": name,
        "assigned": use.assigned,
        "limit": use.limit,
        "spend": use.spend,
        "budget": None if use.budget is None else float(use.budget),
        "price": use.price,
        "budget_price": use.budget_price,
    }


def deliveries(run: Run) -> list[dict[str, Any]]:
    """Messages by channel, state and reason of refusal, with their number."""
    found = run.deliveries.values("channel", "state", "reason").annotate(members=Count("id"))
    return [
        {**row, "channel": Channel(row["channel"]).label, "state": Delivery.State(row["state"]).label}
        for row in found.order_by("channel", "-state", "-members")
    ]


def _at_least(gap: float) -> float:
    """The share of the best possible that is proved, rounded down to what a page shows."""
    return math.floor((1 - gap) * 10_000) / 10_000
