"""The builder of a segment, with its live count."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from loyalty import clock, numerals, roles, segmentation
from loyalty.htmx import HtmxRequest
from loyalty.models import Segment
from loyalty.profiling import segments as rules
from loyalty.profiling.outdated import outdated
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation import audience, choices, counting, exchange, protecting, sketch, versions
from loyalty.segmentation.sketch import undoing

TEMPLATE = "loyalty/segment.html"
MARKED = "One condition cannot be read: mend what is marked, and the count goes on."


@require_http_methods(["GET", "HEAD", "POST"])
def segment(request: HtmxRequest, pk: int | None = None) -> HttpResponse:
    """The builder. A GET shows the segment; a POST carries out a change of the sketch, or saves it."""
    saved = get_object_or_404(Segment, pk=pk) if pk else None
    try:
        members = segmentation.current_profiles(on=clock.today())
    except Refused as no_profiles:
        return render(request, TEMPLATE, {"segment": saved, "no_profiles": str(no_profiles)})
    if request.method != "POST":
        if saved is None:
            return _show(request, None, sketch.Group(), members, name="", focus=sketch.ROOT)
        return _show(request, saved, sketch.of_rule(saved.current().rule, members.features), members, name=saved.name)
    return _changed(request, saved, members)


def _changed(request: HtmxRequest, saved: Segment | None, members: Profiles) -> HttpResponse:
    wanted = next(filter(None, request.POST.getlist("do")), "")
    if wanted == "bring":
        return _bring(request, saved, members)
    tree = sketch.read(request.POST, members)
    if wanted == "save":
        return _save(request, saved, tree, members)
    taken_out = undoing.kept(tree, wanted, members.features)
    if wanted == "undo":
        focus = undoing.put_back(tree, request.POST.get("taken_out", ""), members.features)
    else:
        focus = sketch.change(tree, wanted, members)
    return _show(request, saved, tree, members, name=request.POST.get("name", ""), focus=focus, taken_out=taken_out)


@roles.only(roles.MARKETER)
def _save(request: HtmxRequest, saved: Segment | None, tree: sketch.Group, members: Profiles) -> HttpResponse:
    assert isinstance(request.user, User)
    name, after = request.POST.get("name", ""), numerals.whole(request.POST.get("version", ""))
    try:
        rule = sketch.finished(tree, members.features)
        version = segmentation.save(saved, name=name, rule=rule, by=request.user, at=clock.now(), after=after)
    except segmentation.Overtaken as refusal:
        assert saved, "a new segment has no version yet"
        theirs, mine = versions.apart(saved, after or 0, rule, members)
        known = {"version": str(saved.current().number), "theirs": theirs, "mine": mine}
        return _show(request, saved, tree, members, name=name, refusal=str(refusal), **known)
    except Refused as refusal:
        return _show(request, saved, tree, members, name=name, refusal=str(refusal))
    messages.success(request, f"Saved: {version}.")
    response = redirect("segment", version.segment_id)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _bring(request: HtmxRequest, saved: Segment | None, members: Profiles) -> HttpResponse:
    """Put the rule of a file, or of pasted text, into the builder; nothing is saved by it."""
    file, text = request.FILES.get("file"), request.POST.get("text", "")
    try:
        name, rule = exchange.read(file.read(exchange.MOST_BYTES + 1) if file else text)
        tree = segmentation.parsed(rule, members, of=saved)
    except Refused as refusal:
        kept = sketch.of_rule(saved.current().rule, members.features) if saved else sketch.Group()
        known = {"name": saved.name if saved else "", "not_brought": str(refusal), "text": text}
        return _show(request, saved, kept, members, **known)
    brought = rules.in_words(tree, members.features)
    name = saved.name if saved else name
    return _show(request, saved, sketch.of_rule(rule, members.features), members, name=name, brought=brought)


def _show(
    request: HtmxRequest, saved: Segment | None, tree: sketch.Group, members: Profiles, *, name: str, **said: Any
) -> HttpResponse:
    """The page, its builder, or only what is counted, so that nothing that is being typed is replaced."""
    part = ("counts" if request.htmx.target == "reach" else "builder") if request.htmx else ""
    root, asked = counting.counted(tree, members, of=saved), request.POST.get("ask", "").strip()
    told = {
        "segment": saved,
        "name": name,
        "version": request.POST.get("version") or (saved.current().number if saved else ""),
        "root": root,
        "nodes": list(counting.below(root)),
        "asked": asked,
        **({} if part == "counts" else _choices(saved, members)),
        **({} if part else {"versions": versions.of(saved, members) if saved else []}),
        **_told(tree, saved, root, members, asked=asked, shown=_shown(request)),
        **said,
    }
    status = 409 if said.keys() & {"refusal", "not_brought"} else 200
    return render(request, f"{TEMPLATE}#{part}" if part else TEMPLATE, told, status=status)


def _choices(saved: Segment | None, members: Profiles) -> dict[str, Any]:
    """What there is to choose from, and which segments ask for the saved one."""
    others = Segment.objects.exclude(pk=saved.pk) if saved else Segment.objects.all()
    return {
        "matches": sketch.MATCHES.items(),
        "choices": choices.of(members),
        "currency": settings.RETAILER_CURRENCY,
        "others": [(str(number), name) for number, name in others.values_list("pk", "name")],
        "users": segmentation.users_of(saved) if saved else [],
    }


def _shown(request: HtmxRequest) -> frozenset[str]:
    """What is unfolded beside the count: it stays so, and is counted again at every change."""
    return frozenset(request.POST.getlist("shown")) | frozenset(request.POST.getlist("do"))


def _told(
    tree: sketch.Group,
    saved: Segment | None,
    root: counting.Node,
    members: Profiles,
    *,
    asked: str,
    shown: frozenset[str],
) -> dict[str, Any]:
    """Who is in, the rule in words and the answer about one member; or what is wrong with the rule."""
    try:
        rule = segmentation.parsed(tree.as_rule(members.features), members, of=saved)
    except Refused as problem:
        return {"problem": MARKED if any(node.problem for node in counting.below(root)) else str(problem)}
    told = {
        "reach": audience.reach(root.inside or segmentation.inside(rule, members), members, at=clock.now()),
        "in_words": rules.in_words(rule, members.features),
        "sensitive": protecting.sensitive(rule, members),
        "outdated": outdated(rule, members).items(),
        "sample": audience.sample(rule, members) if "sample" in shown else None,
        "overlaps": audience.overlaps(rule, members, of=saved) if "overlap" in shown else None,
    }
    try:
        return {**told, "answer": audience.why(rule, members, asked) if asked else None}
    except Refused as unknown:
        return {**told, "unknown": str(unknown)}
