"""Results: did it pay? One line per campaign, read from what was frozen."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.models import Report
from analytics.presenting import reports
from campaigns.models import Campaign
from loyalty.htmx import HtmxRequest

PER_PAGE = 50


@require_safe
def results(request: HtmxRequest) -> HttpResponse:
    """Every campaign that was run, newest first, with its verdict in money, or that it has no report yet."""
    page = Paginator(Campaign.objects.measurable(), PER_PAGE).get_page(request.GET.get("page"))
    newest = {each.campaign_id: each for each in Report.objects.newest().filter(campaign__in=[*page.object_list])}
    rows = [(campaign, _told(newest.get(campaign.pk))) for campaign in page.object_list]
    part = "#rows" if request.htmx else ""
    return render(request, "analytics/results.html" + part, {"page": page, "rows": rows})


def _told(report: Report | None) -> reports.Line | None:
    return reports.line(report.told) if report else None
