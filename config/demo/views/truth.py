"""The planted truth beside a report's estimate."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from config.demo import planted
from loyalty.htmx import HtmxRequest


@require_safe
def truth(request: HtmxRequest, ref: str) -> HttpResponse:
    """The part that the report asks for; alone on a page for those without JavaScript."""
    campaign = get_object_or_404(Campaign, ref=ref)
    run = campaign.runs.exclude(decisions=None).order_by("-pk").first()
    page = {"campaign": campaign, "effect": planted.effect_of(run) if run else None}
    return render(request, "demo/planted.html" + ("#truth" if request.htmx else ""), page)
