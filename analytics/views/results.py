"""Results: did it pay? One line per campaign, read from what was frozen."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.models import Report
from analytics.presenting import reports
from analytics.presenting.together import together
from campaigns.models import Campaign
from loyalty.htmx import HtmxRequest

PER_PAGE = 50


@require_safe
def results(request: HtmxRequest) -> HttpResponse:
    """Every campaign that was run, newest first, with its verdict in money, or that it has no report yet; and what
    all of them say together."""
    page = Paginator(Campaign.objects.measurable(), PER_PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "rows": reports.beside(page.object_list)}
    if request.htmx:
        return render(request, "analytics/results.html#rows", shown)
    told = together(each.told for each in Report.objects.newest())
    return render(request, "analytics/results.html", {**shown, "together": told})
