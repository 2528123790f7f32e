"""What members bought in the outcome window, day by day, and in the time before it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.gathering.members import Members
from campaigns import responses
from loyalty import clock


@dataclass(frozen=True, eq=False)
class Bought:
    """Per member (n,), in currency units, baskets and pieces; and how many lines there were, some without a margin."""

    margin: np.ndarray
    spend: np.ndarray
    baskets: np.ndarray
    items: np.ndarray
    lines: int
    without_margin: int

    def __add__(self, other: "Bought") -> "Bought":
        return Bought(
            self.margin + other.margin,
            self.spend + other.spend,
            self.baskets + other.baskets,
            self.items + other.items,
            self.lines + other.lines,
            self.without_margin + other.without_margin,
        )


def nothing(members: Members) -> Bought:
    none = np.zeros(len(members))
    return Bought(margin=none, spend=none, baskets=none, items=none, lines=0, without_margin=0)


def between(members: Members, since: dt.datetime, until: dt.datetime) -> Bought:
    """By the one definition of an outcome; a basket that is bought across two stretches counts in both."""
    if until <= since:
        return nothing(members)
    totals = responses.totals(members.ids, since=since, until=until)
    return Bought(
        margin=totals.margin,
        spend=totals.spend,
        baskets=totals.baskets,
        items=totals.items,
        lines=int(totals.lines.sum()),
        without_margin=int(totals.lines_without_margin.sum()),
    )


def days(since: dt.datetime, until: dt.datetime) -> Iterator[tuple[dt.date, dt.datetime, dt.datetime]]:
    """The retailer's days that two moments enclose, with the stretch of each between them."""
    day, begins = clock.local_day(since), since
    while begins < until:
        day_after = day + dt.timedelta(days=1)
        ends = min(clock.start_of(day_after), until)
        yield day, begins, ends
        day, begins = day_after, ends
