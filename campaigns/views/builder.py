"""The campaign builder: one page per step, saved as it is left; the review step is a page of its own."""

from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.forms.widgets import Input, Select, Textarea
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import building, forecast, launching, steps
from campaigns.models import Campaign
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

REVIEW = "review"


@require_safe
def campaign(request: HtmxRequest, ref: str) -> HttpResponse:
    """A draft goes on at its first unfinished step, or shows its plan; a launched campaign shows its run."""
    found = get_object_or_404(Campaign, ref=ref)
    if found.state != Campaign.State.DRAFT and (run := found.runs.first()):
        return redirect("run", run.pk)
    stopped = launching.blockers(found, on=clock.today())
    if stopped and roles.is_marketer(request.user):
        return redirect("campaign_step", ref, stopped[0].step)
    return redirect("campaign_review", ref)


@require_http_methods(["GET", "POST"])
@roles.only(roles.MARKETER)
def step(request: HtmxRequest, ref: str, name: str) -> HttpResponse:
    """Show a step, or save it and go to the next; what was entered is kept when it is refused."""
    found = get_object_or_404(Campaign, ref=ref)
    if name not in steps.BY_NAME:
        raise Http404(f"The builder has no step {name}.")
    shown = steps.BY_NAME[name]
    form = shown.make(found, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        _begin_at_what_is_empty(form)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            shown.save(found, form)
            following = steps.after(name)
            return redirect("campaign_step", ref, following) if following else redirect("campaign_review", ref)
        except Refused as refused:
            refusal = str(refused)
    page = {
        "campaign": found,
        "step": shown,
        "form": form,
        "refusal": refusal,
        "steps": states(found, current=name),
        "forecast": forecast.forecast(
            Campaign.objects.get(pk=found.pk), at=clock.now()
        ),  # as saved: a form writes on its instance
    }
    return render(request, "campaigns/step.html", page, status=422 if form.is_bound else 200)


def _begin_at_what_is_empty(form: Any) -> None:
    """Who builds by keyboard types at once; a refused form is begun at what is said of it."""
    told = [field for field in form if isinstance(field.field.widget, Input | Textarea | Select)]
    empty = [field for field in told if _is_needed(field) and field.value() in (None, "")]
    if first := next(iter([*empty, *told]), None):
        first.field.widget.attrs["autofocus"] = True


def _is_needed(field: BoundField) -> bool:
    return field.field.required or hasattr(field.field, "needed")


@require_POST
@roles.only(roles.MARKETER)
def discard(request: HtmxRequest, ref: str) -> HttpResponse:
    """Throw a draft away; a launched campaign stays, and says so."""
    try:
        building.discard(get_object_or_404(Campaign, ref=ref))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("campaigns")


def states(campaign: Campaign, *, current: str) -> list[tuple[str, str, str]]:
    """Every step with its label and state: done, current, or to do, which the review calls a problem."""
    stopped = {blocker.step for blocker in launching.blockers(campaign, on=clock.today())}
    missing = "problem" if current == REVIEW else "todo"
    told = {each.name: (each.label, missing if each.name in stopped else "done") for each in steps.STEPS}
    told[REVIEW] = ("Review", "todo")
    return [(name, label, "current" if name == current else state) for name, (label, state) in told.items()]
