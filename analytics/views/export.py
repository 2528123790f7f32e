"""A report as a file for other tools."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from analytics import exporting
from analytics.models import Report
from analytics.views.report import asked_for
from campaigns.models import Campaign
from loyalty.htmx import HtmxRequest


@require_safe
def as_csv(request: HtmxRequest, ref: str) -> HttpResponse:
    found = _found(request, ref)
    return _file(exporting.as_csv(found).encode(), found, "text/csv; charset=utf-8", "csv")


@require_safe
def as_parquet(request: HtmxRequest, ref: str) -> HttpResponse:
    found = _found(request, ref)
    return _file(exporting.as_parquet(found), found, "application/vnd.apache.parquet", "parquet")


def _found(request: HtmxRequest, ref: str) -> Report:
    campaign = get_object_or_404(Campaign, ref=ref)
    newest = Report.objects.newest().filter(campaign=campaign).first()
    if newest is None:
        raise Http404(f"No report of {campaign} has been made yet.")
    return asked_for(request, list(Report.objects.of(newest.run)))


def _file(content: bytes, report: Report, content_type: str, kind: str) -> HttpResponse:
    name = f"report-{report.run_id}-version-{report.version}.{kind}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
