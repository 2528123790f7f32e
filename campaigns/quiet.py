"""Hours at which no message may buzz, by the clocks on the walls of those who would hear it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LONGEST = dt.timedelta(days=3)
FOLDS = (0, 1)  # where clocks are set back a time of day comes twice


class NeverOpenError(ValueError):
    """No moment is left at which all clocks allow a message."""


@dataclass(frozen=True)
class Hours:
    """From the first time of day until just before the last, over midnight where the last is the earlier one."""

    begins: dt.time
    ends: dt.time

    def __str__(self) -> str:
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"

    def hold(self, time: dt.time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= time < self.ends
        return time >= self.begins or time < self.ends


def opening(
    at: dt.datetime, hours: Sequence[Hours], zones: Sequence[ZoneInfo], *, lasting: dt.timedelta
) -> dt.datetime:
    """The first moment from `at` on, in UTC, from which a piece of work may send for as long as it lasts.

    Where nobody knows in which of several zones a member is, all of them must allow it. Raises NeverOpenError where
    they do not within three days.
    """
    moment = at.astimezone(dt.UTC)
    while ends := [
        _end(moment, each, zone) for each in hours for zone in zones if _is_met(moment, each, zone, lasting)
    ]:
        moment = max(ends)
        if moment > at + LONGEST:
            raise NeverOpenError
    return moment


def _is_met(moment: dt.datetime, hours: Hours, zone: ZoneInfo, lasting: dt.timedelta) -> bool:
    """Whether the hours hold when the work begins or when it ends; they are longer than any work."""
    return any(hours.hold((moment + later).astimezone(zone).time()) for later in (dt.timedelta(), lasting))


def _end(moment: dt.datetime, hours: Hours, zone: ZoneInfo) -> dt.datetime:
    """The next moment at which the hours end."""
    today = moment.astimezone(zone).date()
    days = (today + dt.timedelta(days=number) for number in range(3))
    ends = (dt.datetime.combine(day, hours.ends, zone).replace(fold=fold) for day in days for fold in FOLDS)
    return min(each for end in ends if (each := end.astimezone(dt.UTC)) > moment)
