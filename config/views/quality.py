"""Can the data be trusted? What became of the files of the last weeks."""

import datetime as dt
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config import quality
from config.kinds import TARGETS
from loyalty import clock
from loyalty.htmx import HtmxRequest

PAGE = "data/quality.html"
DAYS = 90
PER_PAGE = 50


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    found = quality.trends(clock.now() - dt.timedelta(days=DAYS))
    loads = sorted((load for trend in found for load in trend.loads), key=lambda load: load.pk, reverse=True)
    told = {
        "days": DAYS,
        "trends": found,
        "figure": quality.figure(found),
        "page": Paginator(loads, PER_PAGE).get_page(request.GET.get("page")),
        "files": len(loads),
        "silent": [kind for kind in TARGETS if kind not in {trend.kind for trend in found}],
        "rows": sum(trend.rows for trend in found),
        "rejected": sum(trend.rejected for trend in found),
        "missing": sum((trend.missing for trend in found), Decimal(0)),
        "unread": sum(trend.unread for trend in found),
    }
    return render(request, f"{PAGE}#files" if request.htmx else PAGE, told)
