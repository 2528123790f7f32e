"""Pieces that figures of estimates share."""

from collections.abc import Sequence
from typing import Any

from analytics.body import Estimate

Figure = dict[str, Any]


def points(across: Sequence[object], found: Sequence[Estimate], *, name: str, **looks: object) -> Figure:
    """Estimates as points with their intervals."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(across),
        "y": [each.value for each in found],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [each.high - each.value for each in found],
            "arrayminus": [each.value - each.low for each in found],
        },
        **looks,
    }


def band(across: Sequence[object], found: Sequence[Estimate], *, name: str, colour: str) -> list[Figure]:
    """Intervals as a band: its lower end, which is not named, and its upper end filled down to that."""
    edge = {"type": "scatter", "mode": "lines", "x": list(across), "line": {"width": 0}, "hoverinfo": "skip"}
    low = {**edge, "y": [each.low for each in found], "showlegend": False}
    high = {**edge, "y": [each.high for each in found], "name": name, "fill": "tonexty", "fillcolor": colour}
    return [low, high]


def with_zero(title: str, *, suffix: str = "") -> Figure:
    """An axis that 0 is on, and whose line stands out."""
    return {"title": {"text": title}, "rangemode": "tozero", "zeroline": True, "ticksuffix": suffix}
