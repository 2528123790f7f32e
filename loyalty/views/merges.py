"""Who was merged with whom, when and why; and taking them apart again."""

from collections import defaultdict
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from loyalty import aliases, clock, identity, roles
from loyalty.htmx import HtmxRequest
from loyalty.models import Member, Merge, Purchase
from loyalty.refusal import Refused
from loyalty.views.same_person import WORK

PAGE = "loyalty/merges.html"
PER_PAGE = 50


@require_safe
def merges(request: HtmxRequest) -> HttpResponse:
    """Every merge, the newest first; with `?member=`, those of one person."""
    return _page(request)


@require_POST
@roles.only(roles.OPERATOR, WORK)
def undo(request: HtmxRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(Merge.objects.told(), pk=pk)
    why = request.POST.get("why", "").strip()
    try:
        identity.unmerge(merge, by=cast("User", request.user), at=clock.now(), why=why)
    except Refused as refusal:
        return _page(request, refusal=str(refusal))
    messages.success(request, f"{merge.other} stands for itself again, and is not the same person as {merge.kept}.")
    return redirect("merges")


def _page(request: HtmxRequest, *, refusal: str = "") -> HttpResponse:
    ref = request.GET.get("member", "").strip()
    page = Paginator(_found(ref), PER_PAGE).get_page(request.GET.get("page"))
    leaving = _leaving(list(page))
    rows = [(merge, leaving.get(merge.pk)) for merge in page]
    told = {"page": page, "rows": rows, "ref": ref, "refusal": refusal}
    part = f"{PAGE}#rows" if request.htmx and request.method == "GET" else PAGE
    return render(request, part, told, status=409 if refusal else 200)


def _found(ref: str) -> QuerySet[Merge]:
    every = Merge.objects.told()
    if not ref:
        return every
    everyone = aliases.everyone_of(Member.objects.filter(ref=ref).values_list("pk", flat=True))
    return every.filter(other__in=everyone) | every.filter(kept__in=everyone)


def _leaving(shown: list[Merge]) -> dict[int, dict[str, Any]]:
    """By open merge, who would leave if it were undone, and with how many baskets."""
    open_ = [merge.other_id for merge in shown if hasattr(merge, "alias")]
    sides = {merge.other: person.side_of(merge.other) for person in aliases.people(open_) for merge in person.merges}
    everyone = set().union(*sides.values())
    refs = dict(Member.objects.filter(pk__in=everyone).values_list("pk", "ref"))
    baskets: defaultdict[int, int] = defaultdict(int)
    rows = Purchase.objects.filter(member__in=everyone).values_list("member")
    baskets.update(rows.annotate(Count("basket_ref", distinct=True)))
    return {
        merge.pk: {
            "others": sorted(refs[each] for each in side - {merge.other_id}),
            "baskets": sum(baskets[each] for each in side),
        }
        for merge in shown
        if (side := sides.get(merge.other_id)) and hasattr(merge, "alias")
    }
