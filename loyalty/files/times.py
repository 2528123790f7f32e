"""Times that state their zone, and times that leave it to the retailer's."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.files.cells import read_time
from loyalty.files.parsing import Parser

_HOUR = 3_600_000_000
LOCAL, INSTANT = pa.timestamp("us"), pa.timestamp("us", "UTC")


def parser(time_zone: str) -> Parser:
    """Parses times by ISO 8601; one that states no zone is of `time_zone`."""
    return Parser(partial(_instants, time_zone), read_time, partial(_joined, time_zone))


def in_zone(local: pa.Array, time_zone: str) -> pa.Array:
    """The moments at which the clocks of a zone show these times.

    An hour that comes twice, when clocks go back, is taken as the first of the two. One that clocks skip cannot have
    been shown; it is taken as the moment of the change, so that a till with a wrong clock loses no sale.
    """
    instants = None if local.null_count or not len(local) else _in_zone_by_hour(local, time_zone)
    return _in_zone_each(local, time_zone) if instants is None else instants


def _in_zone_each(local: pa.Array, time_zone: str) -> pa.Array:
    return pc.assume_timezone(local, time_zone, ambiguous="earliest", nonexistent="latest").cast(INSTANT)


def _in_zone_by_hour(local: pa.Array, time_zone: str) -> pa.Array | None:
    """The same by one look at each hour, if these are fewer than the times; None if clocks change within one."""
    shown = local.view(pa.int64()).to_numpy()
    first, last = shown.min() // _HOUR, shown.max() // _HOUR
    if last - first >= len(local):
        return None
    begins = np.arange(first, last + 1) * _HOUR
    shift, shift_at_end = (_shift(at, time_zone) for at in (begins, begins + _HOUR - 1))
    if not np.array_equal(shift, shift_at_end):
        return None
    if (shift == shift[0]).all():
        return pa.array(shown + shift[0]).view(INSTANT)
    return pa.array(shown + shift[shown // _HOUR - first]).view(INSTANT)


def _shift(shown: npt.NDArray[np.int64], time_zone: str) -> npt.NDArray[np.int64]:
    instants: npt.NDArray[np.int64] = _in_zone_each(pa.array(shown).view(LOCAL), time_zone).view(pa.int64()).to_numpy()
    return instants - shown


def _instants(time_zone: str, texts: pa.Array) -> pa.Array:
    """The moments of a column in which no cell states a zone, or every cell does."""
    try:
        local = texts.cast(LOCAL)
    except pa.ArrowInvalid:
        return texts.cast(INSTANT)
    return in_zone(local, time_zone)


def _joined(time_zone: str, moments: Sequence[dt.datetime | None]) -> pa.Array:
    local = pa.array([moment if moment and not moment.tzinfo else None for moment in moments], LOCAL)
    stated = pa.array([moment if moment and moment.tzinfo else None for moment in moments], INSTANT)
    return pc.coalesce(in_zone(local, time_zone), stated)
