"""The members' profiles: of which day they are, and building new ones while everybody can see how far that is."""

from celery import current_app
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from kombu.exceptions import OperationalError

from loyalty import numerals, roles
from loyalty.htmx import HtmxRequest
from loyalty.models import Snapshot
from loyalty.profiles import workspace
from loyalty.tasks import build_snapshot

TEMPLATE = "loyalty/profiles.html"
LATEST = 10
NO_WORKER = "No worker could be called: ask whoever runs the servers to start them, or to run “manage.py snapshot”."


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    """The snapshots, and how far the next one is; `after` is the one in use when somebody asked for it."""
    after = numerals.whole(request.GET.get("after", ""))
    underway = workspace.underway()
    latest = Snapshot.objects.latest_ready()
    is_awaited = after is not None and after == _number(latest)
    if request.htmx and not (underway or is_awaited):
        return HttpResponseClientRefresh()
    told = {
        "latest": latest,
        "underway": underway or (is_awaited and "Waiting for a worker"),
        "snapshots": Snapshot.objects.exclude(built_at=None).order_by("-pk")[:LATEST],
    }
    return render(request, f"{TEMPLATE}#underway" if request.htmx else TEMPLATE, told)


@require_POST
@roles.only(roles.OPERATOR, "builds profiles")
def build(request: HtmxRequest) -> HttpResponse:
    """Ask a worker for the profiles of today, and wait for them on the page; one build at a time is enough."""
    if workspace.underway():
        return redirect("profiles")
    try:
        current_app.send_task(build_snapshot.name, retry=False)
    except OperationalError:
        messages.error(request, NO_WORKER)
        return redirect("profiles")
    return redirect(f"{reverse('profiles')}?after={_number(Snapshot.objects.latest_ready())}")


def _number(snapshot: Snapshot | None) -> int:
    return snapshot.pk if snapshot else 0
