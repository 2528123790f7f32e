"""A run: is it done, and how good is it? And who gets what, and why."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaigns import explaining, following, summary, wording
from campaigns import run as runs
from campaigns.models import Decision, Delivery, Run
from campaigns.presenting import presented
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

PER_PAGE = 50
TEMPLATE = "campaigns/run.html"
NAMED = ("offer", "approval__terms")  # what the name of a run's offer is read from


@require_safe
def run(request: HtmxRequest, pk: int) -> HttpResponse:
    """The whole page, or, while it works, the part that tells how far it is."""
    return _page(request, _found(pk))


@require_POST
@roles.only(roles.MARKETER)
def cancel(request: HtmxRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    try:
        runs.cancel(found, at=clock.now())
    except Refused as refusal:
        return _page(request, found, refusal=str(refusal))
    return redirect("run", pk)


@require_safe
def decisions(request: HtmxRequest, pk: int) -> HttpResponse:
    """Every decision of the run, filtered by arm, offer and member."""
    found = _found(pk)
    page = Paginator(_filtered(request, found), PER_PAGE).get_page(request.GET.get("page"))
    told = {"run": found, "page": page, "offers": found.offers.select_related(*NAMED), "arms": _arms(found)}
    part = "campaigns/decisions.html#rows" if request.htmx else "campaigns/decisions.html"
    return render(request, part, told)


@require_safe
def decision(request: HtmxRequest, pk: int, member_ref: str) -> HttpResponse:
    """Why this member got this: what was open to them, what each was worth, and what stood in the way."""
    found = _decided(pk, member_ref)
    told = {"decision": found, "run": found.run, "why": explaining.why(found), "deliveries": _deliveries(found)}
    part = "campaigns/decision.html#why" if request.htmx else "campaigns/decision.html"
    return render(request, part, told)


def _decided(pk: int, member_ref: str) -> Decision:
    """What was decided for a member; of several offers, the first."""
    told = Decision.objects.select_related("run__campaign", "run__scorer", "member", "run_offer")
    found = told.filter(run=pk, member__ref=member_ref).order_by("pk").first()
    if found is None:
        raise Http404("Nothing was decided for this member in this run.")
    return found


def _found(pk: int) -> Run:
    return get_object_or_404(
        Run.objects.select_related("campaign", "snapshot", "scorer", "segment_version__segment"), pk=pk
    )


def _page(request: HtmxRequest, found: Run, *, refusal: str = "") -> HttpResponse:
    if request.htmx and found.is_working and not refusal:
        return render(
            request, f"{TEMPLATE}#progress", {"run": found, "standing": following.standing(found, at=clock.now())}
        )
    told = summary.of_run(found)
    page = {
        "run": found,
        "campaign": found.campaign,
        "summary": told,
        "shown": presented(told) if found.value is not None else None,
        "standing": following.standing(found, at=clock.now()),
        "deliveries": summary.deliveries(found),
        "pace": wording.pace(found.campaign) if found.is_working else [],
        "refusal": refusal,
    }
    response = render(request, TEMPLATE, page, status=409 if refusal else 200)
    if request.htmx and not found.is_working:
        response["HX-Refresh"] = "true"
    return response


def _filtered(request: HtmxRequest, found: Run) -> QuerySet[Decision]:
    of_offers = [f"{of}__{name}" for of in ("run_offer", "withheld") for name in NAMED]
    rows = found.decisions.select_related("member", *of_offers).order_by("member_id")
    if arm := request.GET.get("arm"):
        rows = rows.filter(arm=arm)
    if offer := request.GET.get("offer"):
        rows = rows.filter(run_offer=None) if offer == "none" else rows.filter(run_offer__offer__ref=offer)
    if by := request.GET.get("by"):
        rows = rows.filter(explored=by == "chance", held_out=False)
    if text := request.GET.get("member", "").strip():
        rows = rows.filter(member__ref__istartswith=text)
    return rows


def _arms(found: Run) -> list[str]:
    return list(found.decisions.order_by("arm").values_list("arm", flat=True).distinct())


def _deliveries(found: Decision) -> QuerySet[Delivery]:
    return (
        found.run.deliveries.filter(member=found.member)
        .select_related("run_offer__approval__terms")
        .order_by("channel")
    )
