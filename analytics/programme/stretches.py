"""Over which days a draw's holdouts tell something: quarters, without the days in which the last draw still shows."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.models import Draw
from loyalty import clock

WASH_OUT = dt.timedelta(days=14)
LATE = dt.timedelta(days=14)  # so long after its end, late purchases restate a quarter


@dataclass(frozen=True)
class Stretch:
    """The part of a quarter in which a draw holds and has washed out; `began` is where the first one of it begins."""

    draw: Draw
    quarter: dt.date
    began: dt.datetime
    since: dt.datetime
    until: dt.datetime


def of(draw: Draw, *, as_of: dt.datetime) -> Iterator[Stretch]:
    """The draw's quarters that have begun, the first one first."""
    began = clock.start_of(draw.begins) + WASH_OUT
    quarter, ends = _quarter_of(clock.local_day(began)), clock.start_of(draw.ends)
    while (since := max(began, clock.start_of(quarter))) < min(as_of, ends):
        following = _after(quarter)
        yield Stretch(draw, quarter, began, since, min(clock.start_of(following), ends))
        quarter = following


def _quarter_of(day: dt.date) -> dt.date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _after(quarter: dt.date) -> dt.date:
    """The first day of the next quarter."""
    if quarter.month > 9:
        return dt.date(quarter.year + 1, 1, 1)
    return quarter.replace(month=quarter.month + 3)
