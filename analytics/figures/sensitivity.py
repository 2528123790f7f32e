"""How small a lift can be detected, over the share of members held out."""

from collections.abc import Sequence
from typing import Any

from analytics.measurement.power import DetectableLift
from analytics.powering import Detectable, Power

Figure = dict[str, Any]

PER_CENT = 100
WITHOUT = {"color": "--muted", "dash": "dash"}


def curve(power: Power) -> Figure | None:
    """The smallest lift in per cent that would be seen, with and without the time before, and the share chosen; None
    where it cannot be put in per cent."""
    adjusted = _line([(each.share, each.detectable) for each in power.curve], name="with what members did before")
    if adjusted is None:
        return None
    plain = _line([(each.share, each.plain) for each in power.curve], name="without", line=WITHOUT)
    lines = [adjusted, *([plain] if plain else []), _chosen(power)]
    axes = {
        "xaxis": {"title": {"text": "Held out"}, "rangemode": "tozero", "ticksuffix": " %"},
        "yaxis": {"title": {"text": "Smallest lift seen"}, "rangemode": "tozero", "ticksuffix": " %"},
    }
    return {"data": lines, "layout": {**axes, "showlegend": True}}


def _line(points: Sequence[tuple[float, Detectable]], *, name: str, **looks: object) -> Figure | None:
    told = [(share, relative) for share, found in points if (relative := _relative(found)) is not None]
    if not told:
        return None
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [PER_CENT * share for share, _ in told],
        "y": [PER_CENT * lift for _, lift in told],
        "hovertemplate": "%{x:.0f} % held out: %{y:.1f} %<extra></extra>",
        **looks,
    }


def _chosen(power: Power) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "as planned",
        "x": [PER_CENT * power.plan.share],
        "y": [PER_CENT * (_relative(power.detectable) or 0)],
        "marker": {"size": 12, "color": "--ink"},
        "hovertemplate": "as planned: %{y:.1f} %<extra></extra>",
    }


def _relative(found: Detectable) -> float | None:
    return found.relative if isinstance(found, DetectableLift) else None
