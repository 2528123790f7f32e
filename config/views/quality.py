"""Can the data be trusted? What became of the files of the last weeks."""

import datetime as dt
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config import quality
from loyalty import clock
from loyalty.htmx import HtmxRequest

DAYS = 90


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    found = quality.trends(clock.now() - dt.timedelta(days=DAYS))
    told = {
        "days": DAYS,
        "trends": found,
        "figure": quality.figure(found),
        "loads": sorted((load for trend in found for load in trend.loads), key=lambda load: load.pk, reverse=True),
        "files": sum(len(trend.loads) for trend in found),
        "rows": sum(trend.rows for trend in found),
        "rejected": sum(trend.rejected for trend in found),
        "missing": sum((trend.missing for trend in found), Decimal(0)),
    }
    return render(request, "data/quality.html", told)
