"""Whether those of whom most was expected are those whom it changed most."""

from collections.abc import Sequence

from analytics.body import Slice
from analytics.figures.intervals import Figure, points, with_zero

EXPECTED = {"color": "--muted", "dash": "dash"}


def uplift(deciles: Sequence[Slice], *, currency: str) -> Figure | None:
    """The effect in each tenth by predicted value, beside what was predicted there; None where no tenth tells."""
    told = [(number, each) for number, each in enumerate(deciles, start=1) if each.effect.each]
    if not told:
        return None
    found = points(
        [number for number, _ in told],
        [each.effect.each for _, each in told if each.effect.each],
        name="what came",
    )
    expected = {
        "type": "scatter",
        "mode": "lines",
        "name": "what was expected",
        "x": list(range(1, len(deciles) + 1)),
        "y": [each.predicted for each in deciles],
        "line": EXPECTED,
    }
    predicted = [expected] if any(each.predicted is not None for each in deciles) else []
    axes = {
        "xaxis": {"title": {"text": "Tenth of the members by expected value"}, "dtick": 1},
        "yaxis": with_zero(f"{currency} per member"),
    }
    return {"data": [*predicted, found], "layout": {**axes, "showlegend": bool(predicted)}}
