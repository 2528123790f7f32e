"""What the purchases themselves say of how complete they are: by day and hour, returns, repeated visits, late lines."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.conf import settings

from analytics.gathering.members import Members
from analytics.measurement import moments
from analytics.measurement.moments import Ratio
from loyalty import clock, copying

BEFORE = dt.timedelta(days=28)
# A line that comes in so much later than it was bought is late: tills and webshops are read every night.
IN_TIME = dt.timedelta(days=2)
# Of more lines, visits of some members say enough about all.
LINES_LOOKED_AT = 1_000_000

HOUR = copying.row_type(day="i4", hour="i4", lines="i8", returns="i8")
HOURS = """
    SELECT local::date - DATE '1970-01-01', extract(hour FROM local)::int4,
           count(*), count(*) FILTER (WHERE quantity < 0)
    FROM (
        SELECT purchased_at AT TIME ZONE %(zone)s AS local, quantity FROM loyalty_purchase
        WHERE member_id IS NOT NULL AND purchased_at >= %(since)s AND purchased_at < %(until)s
    ) line
    GROUP BY 1, 2
"""
VISIT = copying.row_type(inside="i4", visits="i8", repeated="i8")
# A visit is repeated where each of its lines is there at least twice, in two baskets or in one.
VISITS = """
    SELECT inside::int4, count(*), count(*) FILTER (WHERE fewest > 1) FROM (
        SELECT purchased_at >= %(middle)s AS inside, min(copies) AS fewest FROM (
            SELECT member_id, purchased_at, count(*) AS copies FROM loyalty_purchase
            WHERE member_id %% %(each)s = 0 AND purchased_at >= %(since)s AND purchased_at < %(until)s
            GROUP BY member_id, purchased_at, product_id, quantity, net_amount
        ) line
        GROUP BY member_id, purchased_at
    ) visit
    GROUP BY inside
"""
LATE_ROW = copying.row_type(member="i8", lines="i8", late="i8")
LATE = """
    SELECT member_id, count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM unnest(%(lines)s::bigint[], %(moments)s::timestamptz[]) version (last_line, moment)
        WHERE line.id > version.last_line AND line.purchased_at < version.moment
    ))
    FROM loyalty_purchase line
    WHERE member_id IS NOT NULL AND purchased_at >= %(since)s AND purchased_at < %(until)s GROUP BY member_id
"""


@dataclass(frozen=True, slots=True)
class Version:
    """That a report was made at a moment, when this was the newest line in the record."""

    last_line: int
    as_of: dt.datetime


@dataclass(frozen=True, eq=False)
class Feed:
    """Lines by whole local day (d,) and hour (24,), of the time before and of the window; returns among them.

    `closed` says of the days before and those of the window, one after the other, that nobody could buy. `repeated`
    visits of `visits`, before and in the window, and by arm the `late` lines over all lines.
    """

    days_before: np.ndarray
    days: np.ndarray
    closed: np.ndarray
    hours_before: np.ndarray
    hours: np.ndarray
    returns_before: int
    returns: int
    visits: tuple[int, int]
    repeated: tuple[int, int]
    late: dict[str, Ratio]


def feed(members: Members, versions: Sequence[Version], *, since: dt.datetime, until: dt.datetime) -> Feed:
    """Of all members' purchases, since a feed is not of one campaign."""
    first, middle, last = _days(since, until)
    asked = {"since": clock.start_of(first), "until": clock.start_of(last), "zone": settings.TIME_ZONE}
    lines, returns = _by_hour(copying.read(HOURS, asked, HOUR), first, (last - first).days)
    before = (middle - first).days
    visits, repeated = _visits(int(lines.sum()), since, until)
    return Feed(
        days_before=lines[:before].sum(axis=1),
        days=lines[before:].sum(axis=1),
        closed=_closed(first, (last - first).days),
        hours_before=lines[:before].sum(axis=0),
        hours=lines[before:].sum(axis=0),
        returns_before=int(returns[:before].sum()),
        returns=int(returns[before:].sum()),
        visits=visits,
        repeated=repeated,
        late=_late(members, versions, since, until),
    )


def _days(since: dt.datetime, until: dt.datetime) -> tuple[dt.date, dt.date, dt.date]:
    """From 28 days before the window up to the last day that is over: half a day is no measure of a day."""
    middle = clock.local_day(since)
    return middle - BEFORE, middle, max(middle, clock.local_day(until))


def _closed(first: dt.date, days: int) -> np.ndarray:
    """(days,): whether the retailer said that a day is one of those on which nobody can buy, every year or once."""
    said = set(settings.RETAILER_CLOSED)
    dates = (first + dt.timedelta(days=day) for day in range(days))
    return np.array([f"{date:%m-%d}" in said or date.isoformat() in said for date in dates], dtype=np.bool_)


def _by_hour(rows: np.ndarray, first: dt.date, days: int) -> tuple[np.ndarray, np.ndarray]:
    """(days, 24) lines, and returns among them."""
    found = np.zeros((2, days, 24), dtype=np.int64)
    day = rows["day"] - (first - dt.date(1970, 1, 1)).days
    found[0, day, rows["hour"]], found[1, day, rows["hour"]] = rows["lines"], rows["returns"]
    return found[0], found[1]


def _visits(lines: int, since: dt.datetime, until: dt.datetime) -> tuple[tuple[int, int], tuple[int, int]]:
    each = max(1, lines // LINES_LOOKED_AT)
    asked = {"since": since - BEFORE, "middle": since, "until": until, "each": each}
    visits, repeated = [0, 0], [0, 0]
    for row in copying.read(VISITS, asked, VISIT):
        visits[row["inside"]], repeated[row["inside"]] = int(row["visits"]), int(row["repeated"])
    return (visits[0], visits[1]), (repeated[0], repeated[1])


def _late(members: Members, versions: Sequence[Version], since: dt.datetime, until: dt.datetime) -> dict[str, Ratio]:
    """Against what earlier versions of the report knew; nothing where there is none."""
    if not versions:
        return {}
    asked = {
        "since": since,
        "until": until,
        "lines": [version.last_line for version in versions],
        "moments": [version.as_of - IN_TIME for version in versions],
    }
    rows = copying.read(LATE, asked, LATE_ROW)
    lines, late = members.sums(rows["member"], rows["lines"]), members.sums(rows["member"], rows["late"])
    return {
        arm: moments.ratio(late[within], lines[within]) for arm in members.arms if (within := members.within(arm)).any()
    }
