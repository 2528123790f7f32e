"""A summary as pages show it: what stands in it, with the prices of limits, its figure, and the rows of the funnel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns import limiting
from campaigns.figures import plans
from campaigns.figures.plans import Figure
from campaigns.limiting import Price

Told = Mapping[str, Any]
MANY = 12  # bars take a tall figure


@dataclass(frozen=True)
class Left:
    """Members who are left after a stage, and why some left: one row per reason, the stage named in the first."""

    stage: str
    count: int | None
    reason: str
    members: int | None


@dataclass(frozen=True)
class Presented:
    told: Told
    prices: list[Price]
    figure: Figure | None
    funnel: list[Left]

    @property
    def size(self) -> str:
        return "tall" if len(self.told["offers"]) > MANY else "short" if len(self.told["offers"]) < MANY / 3 else ""


def presented(told: Told) -> Presented:
    """Everything that a page needs of a summary, of a dry run or of a run."""
    return Presented(told, limiting.prices(told), plans.who_gets_what(told), list(_rows(told["funnel"])))


def _rows(stages: list[Told]) -> Iterator[Left]:
    for stage in stages:
        reasons = stage["reasons"] or [("", None)]
        for number, (reason, members) in enumerate(reasons):
            first = number == 0
            yield Left(stage["label"] if first else "", stage["count"] if first else None, reason, members)
