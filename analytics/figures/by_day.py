"""How the effect on the margin grew from day to day."""

from collections.abc import Sequence

from analytics.body import Day
from analytics.figures.intervals import Figure, band, with_zero

ANY_DAY = "range that holds on every day"
ONE_DAY = "range of a single look"


def cumulative(days: Sequence[Day], *, currency: str) -> Figure | None:
    """The margin per member up to each day, in the band of either interval; None where there is less than a line."""
    if len(days) < 2:
        return None
    across = [each.day.isoformat() for each in days]
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "margin per member so far",
        "x": across,
        "y": [each.fixed.value for each in days],
        "line": {"color": "--accent"},
    }
    bands = [
        *band(across, [each.always for each in days], name=ANY_DAY, colour="--band-wide"),
        *band(across, [each.fixed for each in days], name=ONE_DAY, colour="--band"),
    ]
    axes = {"xaxis": {"type": "date"}, "yaxis": with_zero(f"{currency} per member")}
    return {"data": [*bands, line], "layout": {**axes, "showlegend": True}}
