"""The list of campaigns, and making a new one."""

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import building, ready_made
from campaigns.forms import NewForm
from campaigns.models import Campaign
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

PER_PAGE = 50
SORTS = {"name", "state", "starts_at", "created_at"}


@require_safe
def campaigns(request: HtmxRequest) -> HttpResponse:
    """All campaigns, newest first, filtered by state and text."""
    sort = request.GET.get("sort", "-created_at")
    found = _filtered(request).order_by(sort if sort.removeprefix("-") in SORTS else "-created_at")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    part = "campaigns/campaigns.html#rows" if request.htmx else "campaigns/campaigns.html"
    return render(request, part, {"page": page, "sort": sort, "states": Campaign.State.choices})


@require_http_methods(["GET", "POST"])
@roles.only(roles.MARKETER)
def new(request: HtmxRequest) -> HttpResponse:
    """Ask for a name, make the draft, and go to its first step; a plan that is ready goes on with its offers."""
    form = NewForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_valid():
        try:
            return redirect("campaign_step", *_made(form.cleaned_data, request))
        except Refused as refused:
            refusal = str(refused)
    page = {"form": form, "refusal": refusal}
    return render(request, "campaigns/new.html", page, status=422 if form.is_bound else 200)


def _made(entered: dict[str, str], request: HtmxRequest) -> tuple[str, str]:
    """The draft's reference, and the step at which it begins."""
    assert isinstance(request.user, User)
    if entered["start"] == ready_made.REACTIVATE:
        return ready_made.reactivate(entered["name"], by=request.user, at=clock.now()).ref, "offers"
    return building.create(entered["name"], by=request.user, at=clock.now()).ref, "brief"


def _filtered(request: HtmxRequest) -> QuerySet[Campaign]:
    found = Campaign.objects.select_related("segment", "created_by")
    if state := request.GET.get("state"):
        found = found.filter(state=state)
    if text := request.GET.get("text", "").strip():
        found = found.filter(Q(name__icontains=text) | Q(ref__icontains=text))
    return found
