"""One report: did it pay, how sure are we, what next; read from what was frozen, never computed for the page."""

from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from kombu.exceptions import OperationalError

from analytics import making, telling
from analytics.body import Arm, Body
from analytics.models import Report
from analytics.presenting import headlines, reports
from campaigns import promising
from campaigns.models import Campaign
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

TEMPLATE = "analytics/report.html"
LEVEL = 0.95
NO_WORKERS = "No worker can be reached, so no report was made. Start the workers, then ask again."


@require_safe
def report(request: HtmxRequest, ref: str) -> HttpResponse:
    """The newest version, or the one asked for."""
    return _report(request, get_object_or_404(Campaign, ref=ref))


@require_safe
def made(request: HtmxRequest, ref: str) -> HttpResponse:
    """The part that asks for itself until the report is made; then everything on the page is of old."""
    campaign = get_object_or_404(Campaign, ref=ref)
    found = making.newest(campaign, at=clock.now())
    if not request.htmx:
        return redirect("report", ref)
    if found is None or found.finished_at:
        return HttpResponseClientRefresh()
    return render(request, f"{TEMPLATE}#making", {"campaign": campaign, "making": found})


@require_POST
@roles.only(roles.ANALYST, "has reports made")
def make(request: HtmxRequest, ref: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, ref=ref)
    assert isinstance(request.user, User)
    try:
        making.ask(campaign, by=request.user, at=clock.now())
    except Refused as refusal:
        return _report(request, campaign, refusal=str(refusal))
    except OperationalError:
        return _report(request, campaign, refusal=NO_WORKERS)
    return redirect("report", ref)


def _report(request: HtmxRequest, campaign: Campaign, *, refusal: str = "") -> HttpResponse:
    page = {"campaign": campaign, "refusal": refusal, "making": making.newest(campaign, at=clock.now())}
    newest = Report.objects.newest().filter(campaign=campaign).select_related("run").first()
    if newest:
        versions = list(Report.objects.of(newest.run).select_related("run__campaign"))
        page |= _page(versions, asked_for(request, versions))
    return render(request, TEMPLATE, page, status=409 if refusal else 200)


def asked_for(request: HtmxRequest, versions: list[Report]) -> Report:
    """The version that the address names, or the newest one; not found where there is no such version."""
    asked = request.GET.get("version")
    found = [each for each in versions if asked is None or str(each.version) == asked]
    if not found:
        raise Http404(f"There is no version {asked} of this report.")
    return found[0]


def _page(versions: list[Report], report: Report) -> dict[str, Any]:
    body = report.told
    shown, level = reports.presented(body), body.promise.level if body.promise else LEVEL
    return {
        "report": report,
        "superseded": report != versions[0],
        "body": body,
        "shown": shown,
        "now": telling.in_force(body, shown.first) if shown.first else None,
        "promised_first": body.promise is not None,
        "per_hundred": round(100 * level),
        "is_closed": body.causal and not body.is_open,
        "wrong_once_in": round(1 / (1 - level)),
        "arms": _arms(body),
        "edited": promising.edited_since(report.run),
        "versions": headlines.versions(versions),
    }


def _arms(body: Body) -> dict[str, Any]:
    """The means of each arm, with a heading for each metric; none where members were chosen, since side by side they
    would pass for a lift."""
    told = body.judged if body.causal else ()
    metrics = list(dict.fromkeys((each.metric, each.label, each.kind) for each in told))

    def means(arm: Arm) -> list[tuple[str, float | None]]:
        return [(kind, arm.means.get(metric)) for metric, _, kind in metrics]

    return {"labels": [label for _, label, _ in metrics], "rows": [(arm, means(arm)) for arm in body.arms]}
