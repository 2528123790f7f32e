"""Who are my members? The list, and its export."""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from loyalty import clock, listing, roles, segmentation
from loyalty.files.rejects import without_formula
from loyalty.htmx import HtmxRequest
from loyalty.identity import finding
from loyalty.listing import Wanted
from loyalty.models import Member, Store
from loyalty.profiling.table import Profiles, Value
from loyalty.refusal import Refused

PER_PAGE = 50
PAGE = "campaigns/members.html"
COLUMNS = ("member_ref", "joined_on", "postcode", "home_store_ref", "tier")


class Row(NamedTuple):
    """A member of the list; the stage, and days since the last purchase, as the newest profiles know them."""

    member: Member
    stage: Value = None
    days: int | None = None


@require_safe
def members(request: HtmxRequest) -> HttpResponse:
    """Members by reference, tier and home store."""
    wanted = _wanted(request)
    page = listing.UpTo(listing.listed(wanted), PER_PAGE).get_page(request.GET.get("page"))
    return _list(request, page, wanted)


@require_POST
@roles.only(roles.OPERATOR, "finds members by their address")
def find(request: HtmxRequest) -> HttpResponse:
    """The member with an address, or those who share it. It is posted, so that it stands in no log of addresses."""
    try:
        found = finding.by_address(request.POST.get("address", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("members")
    if len(found) == 1:
        return redirect("member", found[0].ref)
    page = Paginator(found, finding.MOST).get_page(1)
    return _list(request, page, Wanted())


@require_safe
@roles.only(roles.OPERATOR, "exports members")
def export(request: HtmxRequest) -> StreamingHttpResponse:
    """The list as filtered and sorted, in columns of the members file; without names and addresses."""
    rows = listing.listed(_wanted(request)).iterator(chunk_size=5_000)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="members.csv"'
    return response


def _list(request: HtmxRequest, page: Page[Member], wanted: Wanted) -> HttpResponse:
    told = {**_filters(), "page": page, "rows": _rows(page), "wanted": wanted}
    return render(request, f"{PAGE}#rows" if request.htmx else PAGE, told)


def _rows(page: Page[Member]) -> list[Row]:
    """The members of a page with what the newest profiles know of each."""
    today = clock.today()
    known = _profiles(on=today)
    return [_row(member, known, on=today) for member in page]


def _row(member: Member, known: Profiles | None, *, on: dt.date) -> Row:
    position = known.position(member.pk) if known else None
    if known is None or position is None:
        return Row(member)
    days = known.value("recency_days", position)
    since = (on - known.as_of).days
    return Row(member, known.value("lifecycle", position), None if days is None else int(days) + since)


def _wanted(request: HtmxRequest) -> Wanted:
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "tier", "store", "sort")}
    return Wanted(**asked)


def _filters() -> dict[str, Any]:
    return {"tiers": _tiers(), "stores": Store.objects.order_by("name")}


def _tiers() -> tuple[str, ...]:
    """As the newest profiles know them: to ask every member would take long."""
    known = _profiles(on=clock.today())
    return known.vocabularies.get("tier", ()) if known else ()


def _profiles(*, on: dt.date) -> Profiles | None:
    """The list is of use without them; the front page says what is wrong with them."""
    try:
        return segmentation.current_profiles(on=on)
    except Refused:
        return None


class _Echo:
    """A file that gives back what is written to it, so that a response can stream it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[Member]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for member in rows:
        yield writer.writerow([without_formula(cell) for cell in _cells(member)])


def _cells(member: Member) -> Iterator[str]:
    store = member.home_store and member.home_store.ref
    for fact in (member.ref, member.joined_on, member.postcode, store, member.tier):
        yield str(fact or "")
