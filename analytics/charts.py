"""Figures as Plotly's plain dictionaries: colours and fonts come from the page's tokens, never from here."""

from collections.abc import Sequence
from typing import Any

from analytics.measurement.lift import Lift
from analytics.reports import CampaignReport
from campaigns.models import Campaign

Figure = dict[str, Any]


def relative_lifts(reports: Sequence[CampaignReport]) -> Figure | None:
    """Each metric's lift in per cent of the reference with its interval, one line per metric; None without any."""
    told = [(_label(report), lift) for report in reports if (lift := _relative(report)) is not None]
    if not told:
        return None
    told.reverse()  # Plotly counts from the bottom
    estimates = [100 * lift.relative for _, lift in told]
    marks = {
        "type": "scatter",
        "mode": "markers",
        "x": estimates,
        "y": [label for label, _ in told],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * lift.relative_high - estimate for (_, lift), estimate in zip(told, estimates, strict=True)],
            "arrayminus": [
                estimate - 100 * lift.relative_low for (_, lift), estimate in zip(told, estimates, strict=True)
            ],
        },
        "hovertemplate": "%{y}: %{x:+.1f} %<extra></extra>",
    }
    axis = {"title": {"text": "Lift over the held-out members, %"}, "zeroline": True, "ticksuffix": " %"}
    return {"data": [marks], "layout": {"xaxis": axis, "yaxis": {"automargin": True}, "showlegend": False}}


def _relative(report: CampaignReport) -> Any:
    """The lift of the only comparison, where it can be put in per cent."""
    if len(report.comparisons) != 1:
        return None
    lift = report.comparisons[0].lift
    return lift if isinstance(lift, Lift) and lift.relative is not None else None


def _label(report: CampaignReport) -> str:
    return Campaign.Metric(report.metric).label if report.metric in Campaign.Metric.values else report.metric
