"""Which limits stand in the way, and what a little more of each would earn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.models.consent import Channel

SMALL = 0.1
LEAST_SHOWN = 0.0005  # money: less than what rounds to a tenth of a cent is nothing to act on
STEPS = (1_000, 100, 10, 1)
STEP_OF_BUDGET = 0.1  # a price holds near the limit only, so it is told for a small step

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Price:
    """What `step` more of a limit would earn in money, or, of a minimum, one member fewer.

    `limit` is one of members, money, minimum (of the offer `name`), budget, offers (over all offers), channel (`name`).
    """

    limit: str
    step: int
    earns: float
    name: str = ""

    @property
    def places(self) -> int:
        """How many decimals say something of so little or so much."""
        return 3 if self.earns < SMALL else 2


def prices(told: Told) -> list[Price]:
    """Of every limit that binds in a summary, the offers' own first, what earns most ahead."""
    own = sorted((price for offer in told["offers"] for price in _of_an_offer(offer)), key=lambda each: -each.earns)
    common = [*_of_all(told.get("total") or {}), *_of_channels(told)]
    return [price for price in [*own, *common] if price.earns >= LEAST_SHOWN]


def _of_an_offer(offer: Told) -> Iterator[Price]:
    price = offer["price"]
    yield Price("members" if price > 0 else "minimum", 1, abs(price), offer["name"])
    if offer["budget"]:
        step = step_of(offer["budget"])
        yield Price("money", step, step * offer["budget_price"], offer["name"])


def _of_all(total: Told) -> Iterator[Price]:
    if total.get("budget"):
        step = step_of(total["budget"])
        yield Price("budget", step, step * total["budget_price"])
    if total.get("limit") is not None:
        yield Price("offers", 1, total["price"])


def _of_channels(told: Told) -> Iterator[Price]:
    for each in told.get("channels", ()):
        yield Price("channel", 1, each["price"], Channel(each["channel"]).label)


def step_of(budget: float) -> int:
    """The largest round amount that is a small part of a budget."""
    return next((step for step in STEPS if step <= STEP_OF_BUDGET * budget), 1)
