"""From what was sold more to what is left: the parts of the whole effect, one on top of another."""

from collections.abc import Sequence

from analytics.body import Part
from analytics.figures.intervals import Figure, with_zero

WHOLE = "Together"


def waterfall(parts: Sequence[Part], *, currency: str) -> Figure | None:
    """Each part of the margin per member as a step below the last, with room for its name, and their sum; None without
    parts."""
    if not parts:
        return None
    steps = {
        "type": "waterfall",
        "orientation": "h",
        "x": [*(part.each.value for part in parts), sum(part.each.value for part in parts)],
        "y": [*(part.label for part in parts), WHOLE],
        "measure": [*("relative" for _ in parts), "total"],
        "increasing": {"marker": {"color": "--pays"}},
        "decreasing": {"marker": {"color": "--fails"}},
        "totals": {"marker": {"color": "--accent"}},
        "connector": {"line": {"color": "--rule-strong", "width": 1}},
        "hovertemplate": "%{y}: %{delta:+.2f}<extra></extra>",
    }
    return {
        "data": [steps],
        "layout": {
            "xaxis": {**with_zero(f"{currency} per member"), "showgrid": True},
            "yaxis": {"autorange": "reversed", "showgrid": False},
            "showlegend": False,
        },
    }
