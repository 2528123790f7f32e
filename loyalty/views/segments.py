"""Segments: the list, and the builder with its live count."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from loyalty import clock, roles, segmentation, sketch
from loyalty.htmx import HtmxRequest
from loyalty.models import Segment
from loyalty.profiling import segments as rules
from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused

TEMPLATE = "loyalty/segment.html"


@dataclass(frozen=True)
class Node:
    """A group or condition as the page shows it, with how many members it holds for on its own."""

    path: str
    part: sketch.Condition | sketch.Group
    parts: tuple["Node", ...]
    feature: Feature | None
    ops: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    matching: int | None
    share: float
    problem: str


@require_safe
def segments(request: HtmxRequest) -> HttpResponse:
    """All segments with the rule in words and how many matched when it was saved."""
    found = [(segment, version, _in_words(version.rule)) for segment, version in _newest()]
    return render(request, "loyalty/segments.html", {"segments": found})


@require_http_methods(["GET", "HEAD", "POST"])
def segment(request: HtmxRequest, pk: int | None = None) -> HttpResponse:
    """The builder. A GET shows the segment; a POST carries out a change of the sketch, or saves it."""
    saved = get_object_or_404(Segment, pk=pk) if pk else None
    try:
        members = segmentation.current_profiles()
    except Refused as refusal:
        return render(request, TEMPLATE, {"no_profiles": str(refusal)})
    if request.method != "POST":
        return _show(request, saved, _sketch_of(saved, members), members, name=saved.name if saved else "")
    tree = sketch.read(request.POST, members)
    wanted = request.POST.get("do", "")
    if wanted == "save":
        return _save(request, saved, tree, members)
    sketch.change(tree, wanted, members)
    return _show(request, saved, tree, members, name=request.POST.get("name", ""))


@roles.only(roles.MARKETER)
def _save(request: HtmxRequest, saved: Segment | None, tree: sketch.Group, members: Profiles) -> HttpResponse:
    name, rule = request.POST.get("name", ""), tree.as_rule(members.features)
    try:
        assert isinstance(request.user, User)
        version = segmentation.save(saved, name=name, rule=rule, by=request.user, at=clock.now())
    except Refused as refusal:
        return _show(request, saved, tree, members, name=name, refusal=str(refusal))
    messages.success(request, f"Saved: {version}.")
    response = redirect("segment", version.segment_id)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _show(
    request: HtmxRequest, saved: Segment | None, tree: sketch.Group, members: Profiles, *, name: str, refusal: str = ""
) -> HttpResponse:
    asked = request.POST.get("ask") or request.GET.get("ask", "")
    told: dict[str, Any] = {
        "segment": saved,
        "name": name,
        "root": _node(tree, members),
        "features": _choices(members),
        "matches": sketch.MATCHES.items(),
        "refusal": refusal,
        "asked": asked,
    }
    try:
        rule = segmentation.parsed(tree.as_rule(members.features), members)
        told |= {"reach": segmentation.reach(rule, members), "in_words": rules.in_words(rule, members.features)}
        told["answer"] = segmentation.why(rule, members, asked) if asked else ""
    except Refused as problem:
        told["problem"] = str(problem)
    if saved:
        told["versions"] = [(version, _in_words(version.rule)) for version in saved.versions.select_related("saved_by")]
    part = f"{TEMPLATE}#builder" if request.htmx else TEMPLATE
    return render(request, part, told, status=409 if refusal else 200)


def _sketch_of(saved: Segment | None, members: Profiles) -> sketch.Group:
    if saved is None:
        return sketch.Group("all", [sketch.fresh(sketch.FIRST_FEATURE, members)])
    return sketch.of_rule(saved.current().rule, members.features)


def _node(part: sketch.Condition | sketch.Group, members: Profiles, path: str = sketch.ROOT) -> Node:
    matching, problem = _matching(part, members)
    name = part.feature if isinstance(part, sketch.Condition) else ""
    feature = members.features.get(name)
    inner = part.parts if isinstance(part, sketch.Group) else []
    return Node(
        path=path,
        part=part,
        parts=tuple(_node(each, members, f"{path}.{number}") for number, each in enumerate(inner)),
        feature=feature,
        ops=tuple((op, sketch.COMPARED[op]) for op in _ops(feature)),
        words=members.vocabularies.get(name, ()),
        matching=matching,
        share=0.0 if not matching else matching / len(members),
        problem=problem,
    )


def _ops(feature: Feature | None) -> tuple[str, ...]:
    """A list of numbers is nothing that anyone types, so numbers have no “is one of” here."""
    if feature is None:
        return ()
    return tuple(op for op in allowed_ops(feature) if op != "in" or feature.kind == "category")


def _matching(part: sketch.Condition | sketch.Group, members: Profiles) -> tuple[int | None, str]:
    try:
        rule = segmentation.parsed(part.as_rule(members.features), members)
    except Refused as problem:
        return None, str(problem) if isinstance(part, sketch.Condition) else ""
    return int(rules.matching(rule, members).sum()), ""


def _choices(members: Profiles) -> list[tuple[str, list[Feature]]]:
    """Features to choose from, the many affinities and the retailer's own columns in groups of their own."""
    groups: dict[str, list[Feature]] = {"Member": [], "Affinity": [], "Your attributes": []}
    for name, feature in members.features.items():
        prefix = name.split(":")[0].split("_")[0]
        groups[{"affinity": "Affinity", "attr": "Your attributes"}.get(prefix, "Member")].append(feature)
    return [(label, features) for label, features in groups.items() if features]


def _newest() -> Iterator[tuple[Segment, Any]]:
    for each in Segment.objects.prefetch_related("versions__saved_by"):
        if versions := each.versions.all():
            yield each, versions[0]


def _in_words(rule: Any) -> str:
    """The rule as a sentence, or why it no longer reads: a feature can leave the profiles."""
    try:
        members = segmentation.current_profiles()
        return rules.in_words(segmentation.parsed(rule, members), members.features)
    except Refused as refusal:
        return str(refusal)
