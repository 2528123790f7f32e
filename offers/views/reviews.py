"""May this go out? The queue of terms that wait for approval."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from loyalty import clock, numerals, profiles, roles
from loyalty.htmx import HtmxRequest
from loyalty.models import Snapshot
from loyalty.refusal import Refused
from offers import approval, checks, history, reach
from offers.models import Terms
from offers.views import preview

TEMPLATE = "offers/reviews.html"
QUEUE = f"{TEMPLATE}#queue"


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    asked = numerals.whole(request.GET.get("terms", ""))
    return render(request, QUEUE if request.htmx else TEMPLATE, _queue(request, asked))


@require_POST
@roles.only(roles.APPROVER)
def approve(request: HtmxRequest, terms_id: int) -> HttpResponse:
    comment = request.POST.get("comment", "")
    return _decide(request, terms_id, "approved", lambda terms, **who: approval.approve(terms, comment=comment, **who))


@require_POST
@roles.only(roles.APPROVER)
def return_(request: HtmxRequest, terms_id: int) -> HttpResponse:
    comment = request.POST.get("comment", "")
    return _decide(request, terms_id, "returned", lambda terms, **who: approval.return_(terms, comment=comment, **who))


def _decide(request: HtmxRequest, terms_id: int, done: str, verb: Callable[..., Any]) -> HttpResponse:
    """Carry a decision out and show what waits next; a refusal shows the same terms again, the comment kept."""
    terms = get_object_or_404(Terms, pk=terms_id)
    try:
        verb(terms, by=cast("User", request.user), at=clock.now())
    except Refused as refusal:
        said = {"refusal": str(refusal), "comment": request.POST.get("comment", "")}
        context = _queue(request, terms_id) | said
        return render(request, QUEUE if request.htmx else TEMPLATE, context, status=409)
    sentence = f"Terms {terms.number} of {terms.name} are {done}."
    if request.htmx:
        return render(request, QUEUE, _queue(request, None) | {"done": sentence})
    messages.success(request, sentence)
    return redirect("reviews")


def _queue(request: HtmxRequest, terms_id: int | None) -> dict[str, Any]:
    """Everything that waits, the longest first, and the one to look at now: the one asked for, else the first."""
    rows = Terms.objects.filter(state=Terms.State.SUBMITTED).select_related("offer", "author", "product")
    waiting = list(rows.order_by("submitted_at", "pk"))
    chosen = next((terms for terms in waiting if terms.pk == terms_id), waiting[0] if waiting else None)
    queue = {"waiting": waiting, "now": clock.now(), "gone": bool(terms_id and chosen and chosen.pk != terms_id)}
    return queue | (_case(request, chosen) if chosen else {})


def _case(request: HtmxRequest, terms: Terms) -> dict[str, Any]:
    """What a reviewer needs to decide on these terms."""
    contents, tried = list(terms.contents.all()), preview.samples()
    reader, before = preview.reader(request, tried), history.approved_before(terms)
    return {
        "terms": terms,
        "before": before,
        "comparisons": history.compare(before, terms),
        "reach": _reach(terms),
        "previews": preview.messages_for(reader, terms, contents),
        "reader": reader,
        "advice": checks.advice(terms, contents),
        "is_own": terms.author_id == request.user.pk,
    }


def _reach(terms: Terms) -> reach.Reach | None:
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        return None
    today = clock.today()
    try:
        return reach.of(terms, profiles.opened(snapshot, on=today), on=today)
    except Refused:  # the comparison shows the rule and why it cannot be read
        return None
