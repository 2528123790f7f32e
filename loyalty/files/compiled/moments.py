"""Cells → moments, in the forms `YYYY-MM-DD`, `YYYY-MM-DDThh:mm:ss` and this with a blank for the T or a Z behind."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import int64, uint64

from loyalty.files.compiled.borders import Cells, ends
from loyalty.files.compiled.loops import compiled, inlined
from loyalty.files.compiled.texts import BLANK, KNOWN, UNSURE
from loyalty.files.compiled.words import Bytes, load

_ZERO, _MINUS, _COLON, _BLANK, _T, _Z = 48, 45, 58, 32, 84, 90
_DAY, _LOCAL, _STATED = 10, 19, 20
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_SECONDS, _MICROSECONDS = 86_400, 1_000_000


@compiled
def read_moments(
    cells: Cells, moments: npt.NDArray[np.int64], states: Bytes, stated: npt.NDArray[np.bool_]
) -> tuple[int, int]:
    """Microseconds since 1970 as clocks show them, `moments` (n,) int64; `stated` (n,) bool marks those in UTC.

    Sure are the years 1900 to 2099. A cell that is blank or not sure is given the moment before it. Returns how many
    are blank, and how many are not sure.
    """
    blank, unsure = 0, 0
    moment, day, known, known_day = int64(0), int64(_NO_DAY), uint64(0), uint64(0)
    content = cells.content
    for row in range(len(states)):
        start, size = ends(cells, row)
        state, has_zone = KNOWN, False
        if size == 0:
            state = BLANK
        elif size in (_DAY, _LOCAL) or (size == _STATED and content[start + _LOCAL] == _Z):
            written = load(content, start)
            day_of_month = uint64(content[start + 8]) << uint64(8) | uint64(content[start + 9])
            if written != known or day_of_month != known_day:
                known, known_day, day = written, day_of_month, _day(_written_day(content, start))
            seconds = int64(0) if size == _DAY else _seconds(content, start + _DAY)
            if day == _NO_DAY or seconds < 0:
                state = UNSURE
            else:
                moment = (day * _SECONDS + seconds) * _MICROSECONDS
                has_zone = size == _STATED
        else:
            state = UNSURE
        moments[row], states[row], stated[row] = moment, state, has_zone
        blank += state == BLANK
        unsure += state == UNSURE
    return blank, unsure


_NO_DAY = -(10**6)


@inlined
def _pair(content: Bytes, at: int) -> Any:
    """Two digits as a number; at least 1,000 if they are none."""
    tens, units = int64(content[at]) - _ZERO, int64(content[at + 1]) - _ZERO
    return tens * 10 + units if 0 <= tens <= 9 and 0 <= units <= 9 else int64(1_000)


@inlined
def _written_day(content: Bytes, start: int) -> Any:
    """Year, month and day as the digits of one number; -2 if they are not written as such."""
    if content[start + 4] != _MINUS or content[start + 7] != _MINUS:
        return int64(-2)
    century, year = _pair(content, start), _pair(content, start + 2)
    month, day = _pair(content, start + 5), _pair(content, start + 8)
    if century > 99 or year > 99 or month > 12 or day > 31:
        return int64(-2)
    return ((century * 100 + year) * 100 + month) * 100 + day


@compiled
def _day(written: Any) -> Any:
    """Days since 1970 of a day in the calendar (Howard Hinnant, days_from_civil); otherwise `_NO_DAY`."""
    if written < 0:
        return int64(_NO_DAY)
    year, month, day = written // 10_000, written // 100 % 100, written % 100
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = 28 + is_leap if month == 2 else 30 + (month in (1, 3, 5, 7, 8, 10, 12))
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and month >= 1 and 1 <= day <= length):
        return int64(_NO_DAY)
    year -= month <= 2
    era, from_march = year // 400, (month + 9) % 12
    of_era = year - era * 400
    of_year = (153 * from_march + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@inlined
def _seconds(content: Bytes, at: int) -> Any:
    """Seconds of the day of `Thh:mm:ss`, or -1."""
    if not (content[at] == _T or content[at] == _BLANK) or content[at + 3] != _COLON or content[at + 6] != _COLON:
        return int64(-1)
    hours, minutes, seconds = _pair(content, at + 1), _pair(content, at + 4), _pair(content, at + 7)
    if hours > 23 or minutes > 59 or seconds > 59:
        return int64(-1)
    return (hours * 60 + minutes) * 60 + seconds
