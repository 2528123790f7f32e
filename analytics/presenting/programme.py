"""The programme as its page shows it: one row per quarter, and what all of it comes to."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics import writing
from analytics.body import Estimate, Judged
from analytics.figures import quarters
from analytics.figures.intervals import Figure
from analytics.models import ProgrammeCost, ProgrammeReport
from analytics.programme import verdict
from analytics.programme.judging import LABELS, SHARE_OF_CATEGORY
from analytics.programme.outcomes import PROMOTED
from analytics.programme.quarter import Quarter
from analytics.programme.verdict import Paying
from analytics.telling.programme import steps
from analytics.telling.steps import Steps

HEADINGS = {**{metric: label for metric, (label, _) in LABELS.items()}, PROMOTED: SHARE_OF_CATEGORY}


@dataclass(frozen=True)
class Row:
    """A quarter with what it says of each metric, in the order of the headings."""

    name: str
    quarter: Quarter
    cells: tuple[Judged | None, ...]


@dataclass(frozen=True)
class Programme:
    """The quarters, the last one first; `figure` is of more than one."""

    rows: tuple[Row, ...]
    paying: Paying
    steps: Steps
    figure: Figure | None
    headings: tuple[str, ...] = tuple(HEADINGS.values())

    @property
    def last(self) -> Quarter:
        return self.rows[0].quarter


def presented(reports: Iterable[ProgrammeReport], costs: Sequence[ProgrammeCost]) -> Programme | None:
    """None while no quarter was told."""
    found = [writing.read(each.body, Quarter) for each in reports]
    if not found:
        return None
    paying = verdict.paying(found[0], costs)
    return Programme(
        rows=tuple(_row(each) for each in found),
        paying=paying,
        steps=steps(paying, found[0]),
        figure=quarters.margins(list(_margins(reversed(found))), currency=found[0].currency),
    )


def _row(told: Quarter) -> Row:
    return Row(quarters.name(told.quarter), told, tuple(told.of(metric) for metric in HEADINGS))


def _margins(found: Iterable[Quarter]) -> Iterable[tuple[dt.date, Estimate]]:
    for each in found:
        margin = each.of("margin")
        if margin and margin.headline.each:
            yield each.quarter, margin.headline.each
