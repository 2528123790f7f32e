"""Results: did it pay? One line per campaign, read from what was frozen."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.presenting import reports
from campaigns.models import Campaign
from loyalty.htmx import HtmxRequest

PER_PAGE = 50


@require_safe
def results(request: HtmxRequest) -> HttpResponse:
    """Every campaign that was run, newest first, with its verdict in money, or that it has no report yet."""
    page = Paginator(Campaign.objects.measurable(), PER_PAGE).get_page(request.GET.get("page"))
    part = "#rows" if request.htmx else ""
    return render(request, "analytics/results.html" + part, {"page": page, "rows": reports.beside(page.object_list)})
