"""Whether those of whom most was expected are those whom it changed most."""

from collections.abc import Sequence

from analytics.body import Slice
from analytics.figures.intervals import Figure, points, with_zero

EXPECTED = {"color": "--muted", "dash": "dash"}


def uplift(deciles: Sequence[Slice], *, currency: str) -> Figure | None:
    """The effect in each tenth by predicted value, beside what was predicted there; None where no tenth tells."""
    told = [each for each in deciles if each.effect.each]
    if not told:
        return None
    found = points(
        [each.name for each in told],
        [each.effect.each for each in told if each.effect.each],
        name="what came",
    )
    expected = {
        "type": "scatter",
        "mode": "lines",
        "name": "what was expected",
        "x": [each.name for each in deciles],
        "y": [each.predicted for each in deciles],
        "line": EXPECTED,
    }
    predicted = [expected] if any(each.predicted is not None for each in deciles) else []
    axes = {
        "xaxis": {"title": {"text": "Groups of members by expected value"}, "type": "category"},
        "yaxis": with_zero(f"{currency} per member"),
    }
    return {"data": [*predicted, found], "layout": {**axes, "showlegend": bool(predicted)}}
