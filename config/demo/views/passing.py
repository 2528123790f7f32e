"""Letting two weeks pass: how far it is, and what came of it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from kombu.exceptions import OperationalError

from campaigns.models import Campaign
from config.demo import passing, state
from loyalty import clock
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

TEMPLATE = "demo/pass.html"
NO_WORKERS = "No worker can be reached, so no time passed. Start the demo again with `make demo`."


@require_safe
def page(request: HtmxRequest) -> HttpResponse:
    """The page, or the part that asks for itself until the time has passed; then everything on the page is of old."""
    if request.htmx and not state.current().passing:
        return HttpResponseClientRefresh()
    return _page(request)


@require_POST
def begin(request: HtmxRequest) -> HttpResponse:
    try:
        passing.ask(at=clock.now())
    except Refused as refusal:
        return _page(request, refusal=str(refusal))
    except OperationalError:
        return _page(request, refusal=NO_WORKERS)
    return redirect("demo_pass")


def _page(request: HtmxRequest, *, refusal: str = "") -> HttpResponse:
    known = state.current()
    found = {
        "state": known,
        "today": clock.today(),
        "then": clock.local_day(clock.now() + passing.LENGTH),
        "stages": len(passing.STAGES),
        "stage_number": _stage_number(known),
        "closed": Campaign.objects.filter(ref__in=known.passed.closed if known.passed else ()),
        "refusal": refusal,
    }
    part = "#progress" if request.htmx else ""
    return render(request, TEMPLATE + part, found, status=409 if refusal else 200)


def _stage_number(known: state.State) -> int:
    """How many stages are done."""
    stage = known.passing.stage if known.passing else ""
    return passing.STAGES.index(stage) if stage in passing.STAGES else 0
