import datetime as dt

import pyarrow as pa
import pytest

from loyalty.files import times
from loyalty.files.parsing import parse

SUMMER = "2026-03-29T01:00:00"


def moments(*texts, zone="Europe/Berlin"):
    return parse(pa.array(texts, pa.string()), times.parser(zone)).values.to_pylist()


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_time_without_zone_is_the_retailers():
    assert moments("2026-07-01T12:00:00", "2026-01-01 12:00") == [utc(2026, 7, 1, 10), utc(2026, 1, 1, 11)]


def test_a_day_alone_is_its_beginning():
    assert moments("2026-07-01") == [utc(2026, 6, 30, 22)]


def test_an_hour_that_comes_twice_is_the_first_of_the_two():
    assert moments("2026-10-25T02:30:00") == [utc(2026, 10, 25, 0, 30)]


def test_an_hour_that_clocks_skip_is_the_moment_of_the_change():
    assert moments("2026-03-29T02:30:00") == [utc(2026, 3, 29, 1)]


@pytest.mark.parametrize("repeated", [1, 100])
def test_a_column_may_mix_both_and_the_unknown(repeated):
    mixed = ["2026-07-01T12:00:00", "2026-07-01T12:00:00Z", None, "20260701T120000"] * repeated
    expected = [utc(2026, 7, 1, 10), utc(2026, 7, 1, 12), None, utc(2026, 7, 1, 10)] * repeated
    assert moments(*mixed) == expected


def test_nanoseconds_are_cut_to_microseconds():
    assert moments("2026-07-01T12:00:00.123456789Z") == [utc(2026, 7, 1, 12, 0, 0, 123456)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"])
@pytest.mark.parametrize("year", [1901, 1969, 2026])
def test_by_the_hour_or_one_by_one_a_time_is_the_same_moment(zone, year):
    steps = range(0, 366 * 86400, 1201)
    year_begins = dt.datetime.fromisoformat(f"{year}-01-01")
    shown = pa.array([year_begins + dt.timedelta(seconds=step, microseconds=step) for step in steps], times.LOCAL)
    for start in range(0, len(shown), 100):
        part = shown.slice(start, 100)
        assert times.in_zone(part, zone).equals(times._in_zone_each(part, zone))


@pytest.mark.parametrize(("day", "is_by_hour"), [("2026-07-01", True), ("1969-12-31", True), ("2026-03-29", False)])
def test_times_are_taken_by_the_hour_unless_clocks_skip_one(day, is_by_hour):
    begins = dt.datetime.fromisoformat(day)
    shown = pa.array([begins + dt.timedelta(minutes=minute) for minute in range(24 * 60)], times.LOCAL)
    by_hour = times._in_zone_by_hour(shown, "Europe/Berlin")
    assert (by_hour is not None) is is_by_hour
    assert times.in_zone(shown, "Europe/Berlin").equals(times._in_zone_each(shown, "Europe/Berlin"))
