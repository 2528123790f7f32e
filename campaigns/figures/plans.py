"""Who gets what, in pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

Figure = dict[str, Any]
Told = Mapping[str, Any]

LONGEST_NAME = 24
AT_THE_MOST = {"name": "At the most", "symbol": "line-ns-open"}
AT_THE_LEAST = {"name": "At the least", "symbol": "diamond-open"}
NEAR = 2  # a limit that is further away than that would flatten every bar


def who_gets_what(told: Told) -> Figure | None:
    """Members per offer as bars, with its limit and its minimum as marks; None where nobody gets anything."""
    given = [offer for offer in told["offers"] if offer["assigned"] or offer.get("least")]
    if not given:
        return None
    offers = sorted(given, key=lambda offer: offer["assigned"])  # Plotly counts from the bottom
    labels, near = _labels(offers), NEAR * offers[-1]["assigned"]
    limits = [offer.get("limit") for offer in offers]
    marks = [
        _marks([None if limit is None or limit > near else limit for limit in limits], labels, **AT_THE_MOST),
        _marks([offer.get("least") for offer in offers], labels, **AT_THE_LEAST),
    ]
    return _bars([_bar(offers, labels, "Get it"), *filter(None, marks)])


def compared(one: Told, other: Told, names: Sequence[str]) -> Figure | None:
    """Members per offer of two plans, side by side; None where neither gives anything."""
    known = {offer["offer_ref"]: offer for told in (other, one) for offer in told["offers"]}
    both = {ref: known[ref] for ref in sorted(known, reverse=True)}  # Plotly counts from the bottom
    offers = [[_of(told, ref, offer) for ref, offer in both.items()] for told in (one, other)]
    if not any(offer["assigned"] for of_one in offers for offer in of_one):
        return None
    labels = _labels(list(both.values()))
    figure = _bars([_bar(of_one, labels, name) for of_one, name in zip(offers, names, strict=True)])
    figure["layout"]["barmode"] = "group"
    return figure


def _of(told: Told, ref: str, named: Told) -> Told:
    """An offer as one plan gives it, or not at all."""
    return next((offer for offer in told["offers"] if offer["offer_ref"] == ref), {**named, "assigned": 0})


def _bar(offers: Sequence[Told], labels: list[str], name: str) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [offer["assigned"] for offer in offers],
        "y": labels,
        "customdata": [offer["name"] for offer in offers],
        "hovertemplate": "%{customdata}: %{x:,} members<extra></extra>",
    }


def _marks(at: Sequence[int | None], labels: list[str], *, name: str, symbol: str) -> Figure | None:
    known = [(members, label) for members, label in zip(at, labels, strict=True) if members is not None]
    if not known:
        return None
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [members for members, _ in known],
        "y": [label for _, label in known],
        "marker": {"symbol": symbol, "size": 14, "color": "--ink", "line": {"width": 2, "color": "--ink"}},
        "hovertemplate": f"{name}: %{{x:,}}<extra></extra>",
    }


def _labels(offers: Sequence[Told]) -> list[str]:
    """Names are what readers know, cut so that a phone has room for bars; the reference keeps two of one name apart."""
    names = [_cut(offer["name"]) for offer in offers]
    return [name if names.count(name) == 1 else offer["offer_ref"] for name, offer in zip(names, offers, strict=True)]


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _bars(data: Sequence[Figure]) -> Figure:
    axes = {
        "xaxis": {"title": {"text": "Members"}, "rangemode": "tozero", "showgrid": True},
        "yaxis": {"automargin": True},
    }
    return {"data": list(data), "layout": {**axes, "showlegend": len(data) > 1, "bargap": 0.35}}
