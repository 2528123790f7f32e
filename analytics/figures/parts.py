"""From what was sold more to what is left: the parts of the whole effect, one on top of another."""

from collections.abc import Sequence

from analytics.body import Part
from analytics.figures.intervals import Figure, with_zero

WHOLE = "Together"


def waterfall(parts: Sequence[Part], *, currency: str) -> Figure | None:
    """Each part of the margin per member as a step, and their sum; None without parts."""
    if not parts:
        return None
    steps = {
        "type": "waterfall",
        "x": [*(part.label for part in parts), WHOLE],
        "y": [*(part.each.value for part in parts), sum(part.each.value for part in parts)],
        "measure": [*("relative" for _ in parts), "total"],
        "increasing": {"marker": {"color": "--pays"}},
        "decreasing": {"marker": {"color": "--fails"}},
        "totals": {"marker": {"color": "--accent"}},
        "connector": {"line": {"color": "--rule-strong", "width": 1}},
        "hovertemplate": "%{x}: %{delta:+.2f}<extra></extra>",
    }
    return {
        "data": [steps],
        "layout": {
            "xaxis": {"automargin": True},
            "yaxis": with_zero(f"{currency} per member"),
            "showlegend": False,
        },
    }
