"""A scorer's card in pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

Figure = dict[str, Any]
Bins = Sequence[Mapping[str, Any]]

CHANCE = {"color": "--muted", "dash": "dash"}


def calibration(bins: Bins, *, unit: str = "share") -> Figure | None:
    """What came against what was predicted, on the dashed line where both are the same; None if no bin tells."""
    told = [each for each in bins if each["observed"]]
    if not told:
        return None
    ends = [0.0, max(max(each["predicted"], each["observed"]["high"]) for each in told)]
    same = {"type": "scatter", "mode": "lines", "x": ends, "y": ends, "line": CHANCE, "name": "as predicted"}
    found = _points([each["predicted"] for each in told], told, "what came")
    return _figure([same, found], across=_axis("Predicted", unit), up=_axis("What came", unit))


def qini(curve: Mapping[str, Sequence[float]] | None) -> Figure | None:
    """The gain by how many are given an offer, best first, above the dashed line of choosing them at random."""
    if not curve:
        return None
    share, gain = list(curve["share"]), list(curve["gain"])
    chance = {"x": [share[0], share[-1]], "y": [gain[0], gain[-1]], "name": "chosen at random"}
    found = {"x": share, "y": gain, "name": "chosen by this scorer"}
    lines = [{"type": "scatter", "mode": "lines"} | each for each in (found, chance | {"line": CHANCE})]
    return _figure(lines, across=_axis("Members given an offer", "share"), up=_axis("Gain per member", "money"))


def uplift(bins: Bins) -> Figure | None:
    """What the offer changed in each tenth, the lowest predictions first, beside what was predicted there."""
    if not any(each["observed"] for each in bins):
        return None
    place = list(range(1, len(bins) + 1))
    told = [(at, each) for at, each in zip(place, bins, strict=True) if each["observed"]]
    expected = {"type": "scatter", "mode": "lines", "x": place, "y": [each["predicted"] for each in bins]}
    found = _points([at for at, _ in told], [each for _, each in told], "what the offer changed")
    across = {"title": {"text": "Tenth by predicted value"}, "dtick": 1}
    return _figure(
        [expected | {"name": "predicted", "line": CHANCE}, found], across=across, up=_axis("Change", "money")
    )


def _points(across: Sequence[float], bins: Bins, name: str) -> Figure:
    observed = [each["observed"] for each in bins]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(across),
        "y": [each["value"] for each in observed],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [each["high"] - each["value"] for each in observed],
            "arrayminus": [each["value"] - each["low"] for each in observed],
        },
        "name": name,
    }


def _axis(title: str, unit: str) -> Figure:
    return {"title": {"text": title}, "zeroline": True} | ({"tickformat": ".0%"} if unit == "share" else {})


def _figure(data: list[Figure], *, across: Figure, up: Figure) -> Figure:
    return {"data": data, "layout": {"xaxis": across, "yaxis": {"automargin": True} | up}}
