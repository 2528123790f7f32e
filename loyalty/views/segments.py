"""Segments: the list, and a segment's rule as a file."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from loyalty import clock, segmentation
from loyalty.htmx import HtmxRequest
from loyalty.models import Segment, SegmentVersion
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation import exchange, versions


class Listed(NamedTuple):
    segment: Segment
    version: SegmentVersion
    words: str
    sensitive: tuple[str, ...]
    outdated: Mapping[str, tuple[str, ...]]


@require_safe
def segments(request: HtmxRequest) -> HttpResponse:
    """All segments with the rule in words and how many matched when it was saved."""
    return render(request, "loyalty/segments.html", {"segments": list(_listed(_profiles()))})


@require_safe
def segment_rule(request: HtmxRequest, pk: int) -> HttpResponse:
    """The rule in force as a file to keep, or to bring to another shop."""
    version = get_object_or_404(Segment, pk=pk).current()
    members = _profiles()
    marked = versions.told(version, members, segmentation.in_force()).sensitive if members else ()
    told = JsonResponse(
        exchange.written(version, sensitive=marked), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    name = slugify(version.segment.name) or f"segment-{pk}"
    told["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return told


def _listed(members: Profiles | None) -> Iterator[Listed]:
    find = segmentation.in_force()
    found = SegmentVersion.objects.in_force().select_related("segment", "saved_by")
    for version in sorted(found, key=lambda each: each.segment.name):
        told = versions.told(version, members, find) if members else versions.Told(version, "")
        yield Listed(version.segment, version, told.words, told.sensitive, told.outdated)


def _profiles() -> Profiles | None:
    try:
        return segmentation.current_profiles(on=clock.today())
    except Refused:
        return None
