"""Results: did it pay? One line per campaign, and the report of one."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from analytics import charts, reports
from analytics.measurement.lift import Lift
from analytics.outcomes import is_share
from analytics.verdict import Verdict, verdict
from campaigns.models import Campaign
from loyalty import clock
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused

METRICS = tuple(Campaign.Metric)


@dataclass(frozen=True)
class Line:
    """One comparison as a row of the page: how it is written depends on whether it is money, a share or a number."""

    metric: str
    label: str
    kind: str
    unit: str
    comparison: reports.Comparison
    is_primary: bool

    @property
    def lift(self) -> Lift | None:
        return self.comparison.lift if isinstance(self.comparison.lift, Lift) else None

    @property
    def reason(self) -> str:
        return "" if self.lift else getattr(self.comparison.lift, "reason", "")


@require_safe
def results(request: HtmxRequest) -> HttpResponse:
    """Every campaign that decided on anybody, newest first, with its verdict in money."""
    return render(request, "analytics/results.html", {"campaigns": list(_summaries(clock.now()))})


@require_safe
def report(request: HtmxRequest, ref: str) -> HttpResponse:
    """The verdict, the figure, every metric with its interval, and what must hold for them."""
    campaign = get_object_or_404(Campaign, ref=ref)
    now = clock.now()
    try:
        told = {metric: reports.report(campaign, metric, as_of=now) for metric in METRICS}
    except Refused as refusal:
        return render(request, "analytics/report.html", {"campaign": campaign, "refusal": str(refusal)})
    margin = told[Campaign.Metric.MARGIN]
    page = {
        **_summary(campaign, margin),
        "run": margin.run,
        "spend": told[Campaign.Metric.SPEND],
        "as_of": now,
        "lines": [line for each in told.values() for line in _lines(each)],
        "figure": charts.relative_lifts(list(told.values())),
        "reasons": list(dict.fromkeys(reason for each in told.values() for reason in each.reasons)),
        "arms": _arms(told),
    }
    return render(request, "analytics/report.html", page)


def _summaries(now: dt.datetime) -> Iterator[dict[str, Any]]:
    for campaign in Campaign.objects.measurable():
        try:
            margin = reports.report(campaign, Campaign.Metric.MARGIN, as_of=now)
        except Refused:
            continue  # its run has not decided on anybody yet
        yield _summary(campaign, margin)


def _summary(campaign: Campaign, margin: reports.CampaignReport) -> dict[str, Any]:
    lines = _lines(margin)
    only = lines[0] if len(lines) == 1 else None
    return {
        "campaign": campaign,
        "margin": margin,
        "verdict": verdict(margin),
        "pays": verdict(margin) in (Verdict.PAYS, Verdict.DOES_NOT_PAY),
        "only": only,
    }


def _lines(report: reports.CampaignReport) -> list[Line]:
    label = Campaign.Metric(report.metric).label
    kind = "share" if is_share(report.metric) else "number" if report.metric == Campaign.Metric.BASKETS else "money"
    unit = "of members" if kind == "share" else "per member"
    primary = report.metric == report.campaign.primary_metric
    return [Line(report.metric, label, kind, unit, comparison, primary) for comparison in report.comparisons]


def _arms(told: dict[Campaign.Metric, reports.CampaignReport]) -> list[tuple[str, int, list[tuple[str, float | None]]]]:
    """Each arm with its members and, per metric, how to write its mean and the mean."""
    kinds = {metric: _lines(each)[0].kind if each.comparisons else "number" for metric, each in told.items()}
    by_arm = zip(*(each.arms for each in told.values()), strict=True)
    return [
        (figures[0].arm, figures[0].n, [(kinds[metric], each.mean) for metric, each in zip(told, figures, strict=True)])
        for figures in by_arm
    ]
