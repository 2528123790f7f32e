"""Segments: the list, and the builder with its live count."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from loyalty import clock, counting, roles, segmentation, sketch
from loyalty.htmx import HtmxRequest
from loyalty.models import Segment, SegmentVersion
from loyalty.profiling import segments as rules
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.themes import by_theme

TEMPLATE = "loyalty/segment.html"
MARKED = "One condition cannot be read: mend what is marked, and the count goes on."


@require_safe
def segments(request: HtmxRequest) -> HttpResponse:
    """All segments with the rule in words and how many matched when it was saved."""
    members = _profiles()
    found = [(segment, version, _in_words(version, members)) for segment, version in _newest()]
    return render(request, "loyalty/segments.html", {"segments": found})


@require_http_methods(["GET", "HEAD", "POST"])
def segment(request: HtmxRequest, pk: int | None = None) -> HttpResponse:
    """The builder. A GET shows the segment; a POST carries out a change of the sketch, or saves it."""
    saved = get_object_or_404(Segment, pk=pk) if pk else None
    if (members := _profiles()) is None:
        return render(request, TEMPLATE, {"segment": saved, "no_profiles": segmentation.NO_PROFILES})
    if request.method != "POST":
        if saved is None:
            return _show(request, None, sketch.Group(), members, name="", focus=sketch.ROOT)
        return _show(request, saved, sketch.of_rule(saved.current().rule, members.features), members, name=saved.name)
    tree = sketch.read(request.POST, members)
    wanted = next(filter(None, request.POST.getlist("do")), "")
    if wanted == "save":
        return _save(request, saved, tree, members)
    focus = sketch.change(tree, wanted, members)
    return _show(request, saved, tree, members, name=request.POST.get("name", ""), focus=focus)


@roles.only(roles.MARKETER)
def _save(request: HtmxRequest, saved: Segment | None, tree: sketch.Group, members: Profiles) -> HttpResponse:
    assert isinstance(request.user, User)
    name = request.POST.get("name", "")
    try:
        rule = sketch.finished(tree, members.features)
        version = segmentation.save(saved, name=name, rule=rule, by=request.user, at=clock.now())
    except Refused as refusal:
        return _show(request, saved, tree, members, name=name, refusal=str(refusal))
    messages.success(request, f"Saved: {version}.")
    response = redirect("segment", version.segment_id)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _show(
    request: HtmxRequest, saved: Segment | None, tree: sketch.Group, members: Profiles, *, name: str, **said: str
) -> HttpResponse:
    """The page, its builder, or only what is counted, so that nothing that is being typed is replaced."""
    root, asked = counting.counted(tree, members), request.POST.get("ask", "").strip()
    told = {
        "segment": saved,
        "name": name,
        "root": root,
        "nodes": list(counting.below(root)),
        "themes": by_theme(members.features),
        "matches": sketch.MATCHES.items(),
        "versions": _versions(saved, members),
        "asked": asked,
        **_told(tree, root, members, asked=asked),
        **said,
    }
    part = "counts" if request.htmx and request.htmx.target == "reach" else "builder"
    template = f"{TEMPLATE}#{part}" if request.htmx else TEMPLATE
    return render(request, template, told, status=409 if "refusal" in said else 200)


def _told(tree: sketch.Group, root: counting.Node, members: Profiles, *, asked: str) -> dict[str, Any]:
    """Who is in, the rule in words and the answer about one member; or what is wrong with the rule."""
    try:
        rule = segmentation.parsed(tree.as_rule(members.features), members)
    except Refused as problem:
        return {"problem": MARKED if any(node.problem for node in counting.below(root)) else str(problem)}
    told = {"reach": segmentation.reach(rule, members), "in_words": rules.in_words(rule, members.features)}
    try:
        return {**told, "answer": segmentation.why(rule, members, asked) if asked else None}
    except Refused as unknown:
        return {**told, "unknown": str(unknown)}


def _versions(saved: Segment | None, members: Profiles) -> list[tuple[SegmentVersion, str]]:
    found = saved.versions.select_related("segment", "saved_by") if saved else []
    return [(version, _in_words(version, members)) for version in found]


def _profiles() -> Profiles | None:
    try:
        return segmentation.current_profiles()
    except Refused:
        return None


def _newest() -> Iterator[tuple[Segment, SegmentVersion]]:
    for each in Segment.objects.prefetch_related("versions__saved_by"):
        if versions := each.versions.all():
            yield each, versions[0]


def _in_words(version: SegmentVersion, members: Profiles | None) -> str:
    """The rule as a sentence, or why it no longer reads: a feature can leave the profiles."""
    if members is None:
        return ""
    try:
        return rules.in_words(segmentation.parsed(version.rule, members), members.features)
    except Refused as refusal:
        return str(refusal)
