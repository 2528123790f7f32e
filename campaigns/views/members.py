"""Members: finding one, and who they are and why they got what they got."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.models import Decision, Delivery
from loyalty import knowledge, preferences
from loyalty.htmx import HtmxRequest
from loyalty.models import Member, Purchase
from loyalty.models.consent import Channel

PER_PAGE = 50
LATEST = 20


@require_safe
def members(request: HtmxRequest) -> HttpResponse:
    """Members by reference."""
    text = request.GET.get("text", "").strip()
    found = Member.objects.filter(ref__istartswith=text).select_related("home_store").order_by("ref")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    part = "campaigns/members.html#rows" if request.htmx else "campaigns/members.html"
    return render(request, part, {"page": page, "text": text})


@require_safe
def member(request: HtmxRequest, ref: str) -> HttpResponse:
    """What is known of a member, what they allow, what they were decided and sent, and what they bought lately."""
    found = get_object_or_404(Member.objects.select_related("home_store"), ref=ref)
    profile = knowledge.profile_of(found)
    decisions = Decision.objects.filter(member=found)
    deliveries = Delivery.objects.filter(member=found)
    purchases = Purchase.objects.filter(member=found)
    page = {
        "member": found,
        "allows": [(_label(channel), on) for (_, channel), on in preferences.allows(found).items()],
        "known": profile.row(0) if profile else {},
        "facts": knowledge.facts(profile),
        "segments": knowledge.segments_of(profile),
        "decisions": decisions.select_related(
            "run__campaign", "run_offer__offer", "run_offer__approval__terms"
        ).order_by("-at")[:LATEST],
        "deliveries": deliveries.select_related("run__campaign").order_by("-at", "channel")[:LATEST],
        "purchases": purchases.select_related("product", "store").order_by("-purchased_at", "line_ref")[:LATEST],
    }
    return render(request, "campaigns/member.html", page)


def _label(channel: str) -> str:
    return f"Offers by {Channel(channel).label.lower()}" if channel else "Offers chosen for them"
