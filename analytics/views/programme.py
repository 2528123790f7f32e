"""Is personalisation worth what it costs? The programme, quarter by quarter; its costs; its holdouts."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from kombu.exceptions import OperationalError

from analytics import making
from analytics.forms import CostForm, DrawForm
from analytics.models import ProgrammeCost, ProgrammeReport
from analytics.presenting import programme as programmes
from analytics.programme import stretches
from campaigns import holdouts
from campaigns.models import Draw
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

TEMPLATE = "analytics/programme.html"
USUAL = {"universal": Decimal(5), "generic": Decimal(5)}
NO_WORKERS = "No worker can be reached, so nothing was told anew. Start the workers, then ask again."


@require_safe
def programme(request: HtmxRequest) -> HttpResponse:
    return _page(request)


@require_safe
def made(request: HtmxRequest) -> HttpResponse:
    """The part that asks for itself until the quarters are told anew; then everything on the page is of old."""
    found = making.newest_of_programme(at=clock.now())
    if not request.htmx:
        return redirect("programme")
    if found is None or found.finished_at:
        return HttpResponseClientRefresh()
    return render(request, f"{TEMPLATE}#making", {"making": found})


@require_POST
@roles.only(roles.ANALYST, "has reports made")
def make(request: HtmxRequest) -> HttpResponse:
    try:
        making.ask_for_programme(by=_who(request), at=clock.now())
    except OperationalError:
        return _page(request, refusal=NO_WORKERS)
    return redirect("programme")


@require_POST
@roles.only(roles.ANALYST, "enters what the programme costs")
def add_cost(request: HtmxRequest) -> HttpResponse:
    """Enter a cost, or a new amount for one that was entered for the same month under the same name."""
    form = CostForm(request.POST)
    if not form.is_valid():
        return _page(request, cost_form=form)
    told = form.cleaned_data
    ProgrammeCost.objects.update_or_create(
        month=told["month"].replace(day=1),
        label=told["label"],
        defaults={"amount": told["amount"], "entered_by": _who(request), "entered_at": clock.now()},
    )
    return redirect("programme")


@require_POST
@roles.only(roles.ANALYST, "enters what the programme costs")
def remove_cost(request: HtmxRequest, pk: int) -> HttpResponse:
    get_object_or_404(ProgrammeCost, pk=pk).delete()
    return redirect("programme")


@require_POST
@roles.only(roles.ANALYST, "draws the holdouts")
def draw(request: HtmxRequest) -> HttpResponse:
    """Draw who takes part in nothing next, and who gets the same offer all."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        return _page(request, draw_form=form)
    told = form.cleaned_data
    try:
        drawn = holdouts.draw(
            begins=told["begins"],
            universal_share=told["universal"] / 100,
            generic_share=told["generic"] / 100,
            by=_who(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return _page(request, refusal=str(refusal), draw_form=form)
    messages.success(request, f"The holdouts are drawn: they hold from {drawn.begins:%-d %B %Y}.")
    return redirect("programme")


def _page(
    request: HtmxRequest, *, refusal: str = "", cost_form: CostForm | None = None, draw_form: DrawForm | None = None
) -> HttpResponse:
    now, today = clock.now(), clock.today()
    drawn, costs = holdouts.current(today), list(ProgrammeCost.objects.select_related("entered_by"))
    washes_out = clock.start_of(drawn.begins) + stretches.WASH_OUT if drawn else None
    page = {
        "shown": programmes.presented(ProgrammeReport.objects.newest(), costs),
        "refusal": refusal,
        "making": making.newest_of_programme(at=now),
        "draw": drawn,
        "washes_out": washes_out,
        "is_washing_out": washes_out is not None and washes_out > now,
        "next_draw": Draw.objects.filter(begins__gt=today).order_by("begins").first(),
        "costs": costs,
        "cost_form": cost_form or CostForm(initial={"month": today}),
        "draw_form": draw_form or DrawForm(initial=_proposed(drawn)),
    }
    is_refused = bool(refusal or cost_form or draw_form)
    return render(request, TEMPLATE, page, status=422 if is_refused else 200)


def _proposed(drawn: Draw | None) -> dict[str, Any]:
    """What a form begins with: the day after the present holdouts, and their shares."""
    if drawn is None:
        return {"begins": clock.today(), **USUAL}
    return {
        "begins": drawn.ends,
        "universal": (100 * drawn.universal_share).normalize(),
        "generic": (100 * drawn.generic_share).normalize(),
    }


def _who(request: HtmxRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
