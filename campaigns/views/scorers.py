"""The scorers: which decide, which were tried, and how good each is. And having them trained, or put back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaigns import scorers as verbs
from campaigns.figures import scorers as figures
from campaigns.models import Scorer, Training
from campaigns.training import asking
from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

LIST, CARD = "campaigns/scorers.html", "campaigns/scorer.html"
LATEST = 20
WINDOWS = (("learned", "Learned from"), ("judged", "Judged by"))
PREDICTED = {
    Scorer.Purpose.OFFERS: "Who redeemed, by how likely that was thought",
    Scorer.Purpose.CHURN: "Who stayed away, by how likely that was thought",
    Scorer.Purpose.LIFETIME: "What members brought, by what was predicted",
}


@require_safe
def scorers(request: HtmxRequest) -> HttpResponse:
    """Every purpose with what is in use and what was tried lately; or, while it works, how far the training is."""
    return _list(request)


@require_POST
@roles.only(roles.ANALYST, "has scorers trained")
def train(request: HtmxRequest) -> HttpResponse:
    try:
        asking.ask(by=cast("User", request.user), at=clock.now())
    except Refused as refusal:
        return _list(request, refusal=str(refusal))
    return _list(request) if request.htmx else redirect("scorers")


@require_safe
def scorer(request: HtmxRequest, pk: int) -> HttpResponse:
    """One scorer's card: why it decides or does not, how good it is, what it looks at, and what was ruled."""
    return render(request, CARD, _card(_found(pk)))


@require_POST
@roles.only(roles.APPROVER, "puts scorers back in use")
def put_back(request: HtmxRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    try:
        verbs.put_back(found, by=cast("User", request.user), at=clock.now(), why=request.POST.get("why", ""))
    except Refused as refusal:
        return render(request, CARD, _card(found) | {"refusal": str(refusal)}, status=409)
    return redirect("scorer", pk)


def _found(pk: int) -> Scorer:
    return get_object_or_404(Scorer, pk=pk)


def _list(request: HtmxRequest, *, refusal: str = "") -> HttpResponse:
    under_way = asking.under_way(at=clock.now())
    told: dict[str, Any] = {"under_way": under_way, "last": _last(), "refusal": refusal}
    if not request.htmx:
        told["purposes"] = [_listed(Scorer.Purpose(each)) for each in Scorer.Purpose.values]
    response = render(request, f"{LIST}#training" if request.htmx else LIST, told, status=409 if refusal else 200)
    if request.htmx and not under_way and not refusal:
        response["HX-Refresh"] = "true"
    return response


def _last() -> Training | None:
    return Training.objects.filter(finished_at__isnull=False).select_related("asked_by").first()


def _listed(purpose: Scorer.Purpose) -> tuple[Scorer.Purpose, list[Scorer], Mapping[str, Any] | None]:
    """The scorers of a purpose, and what the figure says by which they are told apart there."""
    found = _latest(purpose)
    measures = (each.card.get("quality", {}).get("measures") for each in found)
    return purpose, found, next((some[0] for some in measures if some), None)


def _latest(purpose: str) -> list[Scorer]:
    """The one in use first, then the newest."""
    newest = Scorer.objects.filter(purpose=purpose)[:LATEST]
    champion = Scorer.objects.champion(purpose)
    return ([champion] if champion else []) + [each for each in newest if each != champion]


def _card(found: Scorer) -> dict[str, Any]:
    quality = found.card.get("quality", {})
    kind = "money" if found.purpose == Scorer.Purpose.LIFETIME else "share"
    return {
        "scorer": found,
        "of_offers": found.purpose == Scorer.Purpose.OFFERS,
        "card": found.card,
        "windows": [(label, _window(found.card.get(name))) for name, label in WINDOWS],
        "quality": quality,
        "figures": {
            "calibration": figures.calibration(quality.get("calibration", ()), unit=kind),
            "qini": figures.qini(quality.get("qini")),
            "uplift": figures.uplift(quality.get("uplift", ())),
        },
        "qini_rows": _tenths(quality.get("qini")),
        "calibration_title": PREDICTED[Scorer.Purpose(found.purpose)],
        "calibration_kind": kind,
        "calibration_places": 2 if kind == "money" else 1,
        "rulings": found.rulings.select_related("by"),
    }


def _window(window: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """With its ends as days."""
    if window is None:
        return None
    return {**window, **{end: dt.date.fromisoformat(window[end]) for end in ("since", "until")}}


def _tenths(curve: Mapping[str, Sequence[float]] | None) -> list[tuple[float, float]]:
    """Every tenth point of the curve, which is as many as a table may have."""
    return list(zip(curve["share"], curve["gain"], strict=True))[::10] if curve else []
