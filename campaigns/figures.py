"""Figures as Plotly's plain dictionaries: colours and fonts come from the page's tokens, never from here."""

from collections.abc import Mapping, Sequence
from typing import Any

Figure = dict[str, Any]
Told = Mapping[str, Any]

LONGEST_NAME = 34
NEAR = 2  # a limit that is further away than that would flatten every bar


def who_gets_what(told: Told) -> Figure | None:
    """Members per offer as bars, with its limit and its minimum as marks; None where nobody gets anything."""
    given = [offer for offer in told["offers"] if offer["assigned"] or offer.get("least")]
    if not given:
        return None
    offers = sorted(given, key=lambda offer: offer["assigned"])  # Plotly counts from the bottom
    near = NEAR * offers[-1]["assigned"]
    marks = [
        _marks([offer for offer in offers if (offer["limit"] or 0) <= near], "limit", "At the most", "line-ns-open"),
        _marks(offers, "least", "At the least", "diamond"),
    ]
    return _bars([_bar(offers, "Get it"), *filter(None, marks)])


def compared(one: Told, other: Told, names: Sequence[str]) -> Figure | None:
    """Members per offer of two plans, side by side; None where neither gives anything."""
    both = {offer["offer_ref"]: offer for told in (other, one) for offer in told["offers"]}
    offers = [[_of(told, ref, offer) for ref, offer in both.items()] for told in (one, other)]
    if not any(offer["assigned"] for of_one in offers for offer in of_one):
        return None
    figure = _bars([_bar(of_one, name) for of_one, name in zip(offers, names, strict=True)])
    figure["layout"]["barmode"] = "group"
    return figure


def _of(told: Told, ref: str, named: Told) -> Told:
    """An offer as one plan gives it, or not at all."""
    return next((offer for offer in told["offers"] if offer["offer_ref"] == ref), {**named, "assigned": 0})


def _bar(offers: Sequence[Told], name: str) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [offer["assigned"] for offer in offers],
        "y": [_short(offer) for offer in offers],
        "hovertemplate": "%{y}: %{x:,} members<extra></extra>",
    }


def _marks(offers: Sequence[Told], field: str, name: str, symbol: str) -> Figure | None:
    limited = [offer for offer in offers if offer.get(field) is not None]
    if not limited:
        return None
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [offer[field] for offer in limited],
        "y": [_short(offer) for offer in limited],
        "marker": {"symbol": symbol, "size": 16, "color": "--ink", "line": {"width": 2, "color": "--ink"}},
        "hovertemplate": f"{name}: %{{x:,}}<extra></extra>",
    }


def _short(offer: Told) -> str:
    """Names are what readers know; the reference keeps two of one name apart."""
    name = offer["name"]
    return f"{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'} · {offer['offer_ref']}"


def _bars(data: Sequence[Figure]) -> Figure:
    axes = {
        "xaxis": {"title": {"text": "Members"}, "rangemode": "tozero", "showgrid": True},
        "yaxis": {"automargin": True},
    }
    return {"data": list(data), "layout": {**axes, "showlegend": len(data) > 1, "bargap": 0.35}}
