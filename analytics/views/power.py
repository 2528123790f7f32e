"""What can a planned campaign detect? A part of the builder, and a page of its own."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from analytics import powering
from analytics.figures import sensitivity
from analytics.forms import PowerForm
from analytics.measurement.lift import NotMeasured
from campaigns.models import Campaign
from loyalty import clock
from loyalty.htmx import HtmxRequest

TEMPLATE = "analytics/power.html"
KINDS = {Campaign.Metric.PURCHASERS: "share", Campaign.Metric.BASKETS: "number"}
WANTED_PER_CENT = 2.0  # what a good campaign brings


@require_safe
def power(request: HtmxRequest, ref: str) -> HttpResponse:
    """The smallest lift that would be seen, as planned or as it is being typed, and what a wanted one would take."""
    campaign = get_object_or_404(Campaign, ref=ref)
    form = PowerForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    plan = powering.as_entered(
        powering.planned(campaign), per_cent=asked.get("per_cent"), days=asked.get("outcome_days")
    )
    found = powering.powering(campaign, plan, at=clock.now())
    wanted = asked.get("wanted") or WANTED_PER_CENT
    told = _nothing(found.reason) if isinstance(found, NotMeasured) else _told(found, wanted=wanted / 100)
    entered = PowerForm({"per_cent": 100 * plan.share, "outcome_days": plan.days, "wanted": wanted})
    page = {"campaign": campaign, "plan": plan, "form": entered, **told}
    return render(request, f"{TEMPLATE}#detects" if request.htmx else TEMPLATE, page)


def _nothing(reason: str) -> dict[str, object]:
    return {"reason": reason, "again": reason == powering.COUNTING}


def _told(found: powering.Power, *, wanted: float) -> dict[str, object]:
    return {
        "found": found,
        "kind": KINDS.get(Campaign.Metric(found.plan.metric), "money"),
        "places": 3 if found.plan.metric == Campaign.Metric.BASKETS else 2,
        "metric": Campaign.Metric(found.plan.metric).label,
        "figure": sensitivity.curve(found),
        "needed": powering.needed(found, wanted),
    }
