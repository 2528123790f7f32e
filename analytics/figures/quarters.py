"""What everybody else brought more than those who take part in nothing, quarter by quarter."""

import datetime as dt
from collections.abc import Sequence

from analytics.body import Estimate
from analytics.figures.intervals import Figure, points, with_zero


def margins(told: Sequence[tuple[dt.date, Estimate]], *, currency: str) -> Figure | None:
    """The margin per member of each quarter with its interval; None for fewer than two."""
    if len(told) < 2:
        return None
    found = points([name(day) for day, _ in told], [each for _, each in told], name="margin per member")
    axes = {"xaxis": {"type": "category"}, "yaxis": with_zero(f"{currency} per member")}
    return {"data": [found], "layout": {**axes, "showlegend": False}}


def name(quarter: dt.date) -> str:
    """Q2 2026."""
    return f"Q{(quarter.month + 2) // 3} {quarter.year}"
