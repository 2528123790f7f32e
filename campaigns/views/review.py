"""The builder's last page: the plan on one page, what blocks it, the dry run and the launch."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from campaigns import comparing, launching, rehearsal, summary, wording
from campaigns.models import Campaign
from campaigns.presenting import presented
from campaigns.views.builder import REVIEW, states
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

TEMPLATE = "campaigns/review.html"
NO_WORKERS = "No worker can be reached, so the dry run was not started. Start the workers, then ask again."


@require_safe
def review(request: HtmxRequest, ref: str) -> HttpResponse:
    return _page(request, get_object_or_404(Campaign, ref=ref))


@require_safe
def dry_run(request: HtmxRequest, ref: str) -> HttpResponse:
    """The part that tells how the newest dry run goes; asks for itself again until it is over."""
    return _dry_run(request, get_object_or_404(Campaign, ref=ref))


@require_POST
@roles.only(roles.MARKETER)
def rehearse(request: HtmxRequest, ref: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, ref=ref)
    try:
        rehearsal.ask(campaign, by=_who(request), at=clock.now())
    except OperationalError:
        return (_dry_run if request.htmx else _page)(request, campaign, refusal=NO_WORKERS)
    return _dry_run(request, campaign) if request.htmx else redirect("campaign_review", ref)


@require_POST
@roles.only(roles.MARKETER)
def launch(request: HtmxRequest, ref: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, ref=ref)
    try:
        run = launching.launch(campaign, by=_who(request), at=clock.now(), on=clock.today())
    except Refused as refusal:
        return _page(request, campaign, refusal=str(refusal))
    return redirect("run", run.pk)


def _dry_run(request: HtmxRequest, campaign: Campaign, *, refusal: str = "") -> HttpResponse:
    told = {"campaign": campaign, "refusal": refusal, **_newest_dry_run(campaign)}
    return render(request, f"{TEMPLATE}#dry_run", told, status=409 if refusal else 200)


def _page(request: HtmxRequest, campaign: Campaign, *, refusal: str = "") -> HttpResponse:
    page = {
        "campaign": campaign,
        "plan": {"facts": wording.facts(campaign), "offers": wording.offers(campaign)},
        "blockers": launching.blockers(campaign, on=clock.today()),
        **_newest_dry_run(campaign),
        "steps": states(campaign, current=REVIEW),
        "refusal": refusal,
    }
    return render(request, TEMPLATE, page, status=409 if refusal else 200)


def _newest_dry_run(campaign: Campaign) -> dict[str, Any]:
    newest = campaign.dry_runs.first()
    report = newest.report if newest else None
    return {
        "dry_run": newest,
        "shown": presented(report) if report else None,
        "time": wording.time_for(campaign, report) if report else "",
        "changes": _changes(campaign, report) if report else [],
    }


def _changes(campaign: Campaign, report: Mapping[str, Any]) -> list[comparing.Said]:
    """What of the plan was changed since a dry run; nothing where the dry run did not keep its plan."""
    now = {"plan": summary.in_words(campaign)}
    return list(comparing.changes(now, report)) if "plan" in report else []


def _who(request: HtmxRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
