"""Two dry runs side by side: what would change?"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from campaigns import comparing
from campaigns.figures import plans
from campaigns.models import Campaign, DryRun
from loyalty.htmx import HtmxRequest

TEMPLATE = "campaigns/comparison.html"
SIDES = ("one", "other")


@require_safe
def comparison(request: HtmxRequest, ref: str) -> HttpResponse:
    """The newest dry run of the campaign beside the one before, or any two of those that may be chosen."""
    campaign = get_object_or_404(Campaign, ref=ref)
    choices = list(comparing.comparable(campaign))
    named = [(each, _named(each, on=campaign)) for each in choices]
    told = _compared(request, campaign, choices)
    sides = [(name, told[name]) for name in SIDES]
    page = {"campaign": campaign, "choices": named, "sides": sides, **told}
    return render(request, f"{TEMPLATE}#compared" if request.htmx else TEMPLATE, page)


def _compared(request: HtmxRequest, campaign: Campaign, choices: list[DryRun]) -> dict[str, Any]:
    own = [each for each in choices if each.campaign_id == campaign.pk]
    one = _asked(request, "one", choices) or next(iter(own), None)
    other = _asked(request, "other", choices) or next((each for each in [*own, *choices] if each != one), None)
    if one is None or other is None or not one.report or not other.report:
        return {"one": one, "other": other}
    return {
        "one": one,
        "other": other,
        "names": _names(one, other),
        "told": comparing.comparison(one.report, other.report),
        "figure": plans.compared(one.report, other.report, _names(one, other)),
    }


def _asked(request: HtmxRequest, name: str, choices: list[DryRun]) -> DryRun | None:
    wanted = request.GET.get(name, "")
    return next((each for each in choices if str(each.pk) == wanted), None)


def _names(one: Any, other: Any) -> list[str]:
    """As short as tells them apart."""
    if one.campaign_id == other.campaign_id:
        return [f"Dry run {each.number}" for each in (one, other)]
    return [f"{each.campaign.name} {each.number}" for each in (one, other)]


def _named(dry_run: Any, *, on: Campaign) -> str:
    """With the number that the list of dry runs gave it, and its campaign where that is another than the page's."""
    at = date_format(timezone.localtime(dry_run.finished_at), "j M, H:i")
    if dry_run.campaign_id == on.pk:
        return f"Dry run {dry_run.number}, {at}"
    return f"{dry_run.campaign.name}: dry run {dry_run.number}, {at}"
