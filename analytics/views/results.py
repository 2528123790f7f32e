"""Results: did it pay? One line per campaign, read from what was frozen."""

import csv

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.presenting import listing
from analytics.presenting.listing import Wanted
from analytics.presenting.together import together
from campaigns.models import Campaign
from loyalty.files.rejects import without_formula
from loyalty.htmx import HtmxRequest

PER_PAGE = 50
PAGE = "analytics/results.html"
STATES = [choice for choice in Campaign.State.choices if choice[0] != Campaign.State.DRAFT]


@require_safe
def results(request: HtmxRequest) -> HttpResponse:
    """Every campaign that was run, filtered and sorted, with its verdict in money, or that it has no report yet; and
    what those that are listed say together."""
    wanted = _wanted(request)
    rows = listing.listed(wanted)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "wanted": wanted,
        "states": STATES,
        "verdicts": listing.VERDICTS.items(),
        # Those chosen by their verdicts would tell nothing but that choice.
        "together": None if wanted.verdict else together(line.body for _, line in rows if line),
    }
    return render(request, f"{PAGE}#rows" if request.htmx else PAGE, shown)


@require_safe
def export(request: HtmxRequest) -> HttpResponse:
    """The list as filtered and sorted; safe to open in a spreadsheet."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="results.csv"'
    writer = csv.writer(response)
    writer.writerow(listing.COLUMNS)
    for row in listing.cells(listing.listed(_wanted(request))):
        writer.writerow(without_formula(cell) if isinstance(cell, str) else cell for cell in row)
    return response


def _wanted(request: HtmxRequest) -> Wanted:
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "state", "verdict", "sort")}
    return Wanted(**asked)
