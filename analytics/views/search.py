"""One search over members, segments, offers and campaigns."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from loyalty.htmx import HtmxRequest
from loyalty.models import Member, Segment
from offers.models import Offer

MOST = 10


@require_safe
def search(request: HtmxRequest) -> HttpResponse:
    """Members by reference; the rest by name or reference too. Members' names are not searched: they are personal."""
    text = request.GET.get("q", "").strip()
    found = {
        "members": Member.objects.filter(ref__istartswith=text).order_by("ref")[:MOST],
        "segments": Segment.objects.filter(name__icontains=text)[:MOST],
        "offers": Offer.objects.filter(Q(ref__icontains=text) | Q(terms__name__icontains=text)).distinct()[:MOST],
        "campaigns": Campaign.objects.filter(Q(ref__icontains=text) | Q(name__icontains=text))[:MOST],
    }
    if not text:
        found = {kind: rows.none() for kind, rows in found.items()}
    return render(request, "analytics/search.html", {"text": text, **found, "nothing": not any(found.values())})
