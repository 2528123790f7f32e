"""Files brought in: what came of each, and bringing in another after a look at its first rows."""

from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from config import quality, uploads
from config.forms import UploadForm
from config.kinds import TARGETS
from loyalty import clock, loading, roles
from loyalty.htmx import HtmxRequest
from loyalty.models import Load
from loyalty.refusal import Refused

PER_PAGE = 50
PAGE, LIST = "data/load.html", "data/loads.html"


@require_safe
def loads(request: HtmxRequest) -> HttpResponse:
    """All loads, newest first, and the form for another."""
    return _list(request, UploadForm(initial={"kind": request.GET.get("kind", "")}))


@require_POST
@roles.only(roles.OPERATOR)
def upload(request: HtmxRequest) -> HttpResponse:
    """Take a file in and show its first rows; nothing is loaded yet."""
    assert isinstance(request.user, User)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        load = uploads.receive(**form.cleaned_data, by=request.user, at=clock.now())
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return _list(request, form, status=422)
    return redirect("load", load.pk)


@require_safe
def load(request: HtmxRequest, pk: int) -> HttpResponse:
    """A file's first rows while it waits, its progress while it is loaded, and then what came of it."""
    return _page(request, get_object_or_404(Load.objects.select_related("loaded_by"), pk=pk))


@require_POST
@roles.only(roles.OPERATOR)
def start(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Load, pk=pk)
    try:
        uploads.start(found)
    except Refused as refusal:
        return _page(request, found, refusal=str(refusal))
    return redirect("load", pk)


@require_POST
@roles.only(roles.OPERATOR)
def discard(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Load, pk=pk)
    try:
        uploads.discard(found)
    except Refused as refusal:
        return _page(request, found, refusal=str(refusal))
    return redirect("loads")


@require_POST
@roles.only(roles.OPERATOR)
def again(request: HtmxRequest, pk: int) -> HttpResponse:
    """Load the rows that were rejected once more, as they are."""
    assert isinstance(request.user, User)
    found = get_object_or_404(Load, pk=pk)
    try:
        return redirect("load", uploads.again(found, by=request.user, at=clock.now()).pk)
    except Refused as refusal:
        return _page(request, found, refusal=str(refusal))


@require_safe
@roles.only(roles.OPERATOR)
def rejects(request: HtmxRequest, pk: int) -> HttpResponseBase:
    """The rejected rows as a file to mend and bring in again; for those who load, since it holds personal details."""
    found = get_object_or_404(Load, pk=pk)
    path = loading.quarantine_of(found)
    if not found.rejects_file or not path.exists():
        raise Http404("This load has no rejects file.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{found.kind}-{pk}-rejects.csv")


def _list(request: HtmxRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    wanted = {name: request.GET.get(name, "") for name in ("kind", "state")}
    page = Paginator(_wanted(wanted), PER_PAGE).get_page(request.GET.get("page"))
    kinds = [target.kind for target in TARGETS.values()]
    told = {"page": page, "form": form, "kinds": kinds, "wanted": wanted, "states": Load.State.choices}
    told |= {"broken_off": uploads.broken_off(page.object_list)}
    is_part = request.htmx and request.method == "GET"
    return render(request, f"{LIST}#rows" if is_part else LIST, told, status=status)


def _wanted(wanted: dict[str, str]) -> QuerySet[Load]:
    """The loads of a kind and in a state; what is empty or not known leaves all."""
    known = {"kind": TARGETS, "state": Load.State.values}
    asked = {name: word for name, word in wanted.items() if word in known[name]}
    return Load.objects.filter(**asked).select_related("loaded_by")


def _page(request: HtmxRequest, found: Load, *, refusal: str = "") -> HttpResponse:
    phase = _phase(found)
    is_working = phase == "working"
    told = {"load": found, "refusal": refusal, "phase": phase, **_of_phase(request, found, phase)}
    is_part = request.htmx and is_working and not refusal
    response = render(request, f"{PAGE}#progress" if is_part else PAGE, told, status=409 if refusal else 200)
    if request.htmx and not is_working:
        response["HX-Refresh"] = "true"
    return response


def _phase(found: Load) -> str:
    """What goes on with a load: its state, `working` while it is carried out, or `broken_off`."""
    if uploads.broken_off([found]):
        return "broken_off"
    waits_for_somebody = found.state == Load.State.WAITING and uploads.is_upload(found)
    return "working" if found.state in uploads.UNFINISHED and not waits_for_somebody else found.state


def _of_phase(request: HtmxRequest, found: Load, phase: str) -> dict[str, Any]:
    """What the page shows beside the load; rows of the file only to those who may load files."""
    if phase == "working":
        return {"progress": uploads.progress(found), **_awaited(found)}
    if phase == Load.State.DONE:
        sums = quality.sums(found)
        missing = any(each.missing for each in sums)
        looked_at = {"sums": sums, "missing": missing, "reasons": quality.reasons(found)}
        return looked_at | ({"rejects": uploads.first_rejects(found)} if roles.is_operator(request.user) else {})
    if not roles.is_operator(request.user):
        return {}
    if phase == Load.State.WAITING:
        return _first_rows(found)
    return {}


def _awaited(found: Load) -> dict[str, Any]:
    """What a load waits for that nobody carries out yet, or any more."""
    begins_again = uploads.is_upload(found) and found.bytes_read > 0
    if begins_again:
        awaited = "The loading broke off: waiting for a worker to begin again"
    else:
        awaited = "Waiting for a worker" if uploads.is_upload(found) else "Beginning"
    return {"awaited": awaited, "begins_again": begins_again}


def _first_rows(found: Load) -> dict[str, Any]:
    try:
        sample = uploads.first_rows(found)
    except Refused as refusal:
        return {"refusal": str(refusal)}
    return {"sample": sample, "faulty": sum(1 for row in sample.rows if row.reject)}
