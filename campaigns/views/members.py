"""Members: finding one, and who they are and why they got what they got."""

from collections.abc import Iterator

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.models import Decision, Delivery
from loyalty import consent, preferences, profiles
from loyalty.htmx import HtmxRequest
from loyalty.models import Member, Purchase, Segment, Snapshot
from loyalty.profiling import segments as rules
from loyalty.profiling.wording import exact
from loyalty.refusal import Refused
from loyalty.segmentation import parsed

PER_PAGE = 50
BASKETS = 20


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
    page = {
        "member": found,
        "allows": [(purpose, channel, on) for (purpose, channel), on in preferences.allows(found).items()],
        "consents": consent.of(found),
        "features": list(_features(found)),
        "segments": list(_segments(found)),
        "decisions": Decision.objects.filter(member=found)
        .select_related("run__campaign", "run_offer__offer")
        .order_by("-at")[:BASKETS],
        "deliveries": Delivery.objects.filter(member=found).select_related("run__campaign").order_by("-at")[:BASKETS],
        "purchases": Purchase.objects.filter(member=found)
        .select_related("product", "store")
        .order_by("-purchased_at")[:BASKETS],
    }
    return render(request, "campaigns/member.html", page)


def _features(found: Member) -> Iterator[tuple[str, str, str, bool]]:
    """Label, value in words, source, and whether it is sensitive."""
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None or (position := (known := profiles.opened(snapshot)).position(found.pk)) is None:
        return
    for name, value in known.row(position).items():
        feature = known.features[name]
        if value is not None:
            unit = (
                settings.RETAILER_CURRENCY
                if feature.kind == "money"
                else feature.unit
                if feature.kind != "share"
                else ""
            )
            shown = round(value, 2 if feature.kind != "share" else 4) if isinstance(value, float) else value
            yield feature.label, f"{exact(feature, shown)} {unit}".strip(), feature.source, feature.sensitive


def _segments(found: Member) -> Iterator[Segment]:
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        return
    known = profiles.opened(snapshot)
    alone = known.take(known.member_ids == found.pk)
    for each in Segment.objects.prefetch_related("versions"):
        try:
            if (
                len(alone)
                and each.versions.all()
                and rules.matching(parsed(each.versions.all()[0].rule, known), alone).any()
            ):
                yield each
        except Refused:
            continue  # a rule that no longer reads holds for nobody; its own page says why
