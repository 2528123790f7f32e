"""Quiet hours in every time zone, around every change of its clocks: each minute is asked, by the clock on the wall."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from campaigns import quiet
from campaigns.quiet import Hours, NeverOpenError

NIGHT = Hours(dt.time(21), dt.time(8))
AROUND_MIDNIGHT_GAPS = Hours(dt.time(22, 30), dt.time(2, 30))
AT_NOON = Hours(dt.time(12), dt.time(14))
CHUNK = dt.timedelta(seconds=20)
STEP = dt.timedelta(minutes=7)
FIRST, LAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
LONDON, NEW_YORK, LA = (ZoneInfo(name) for name in ("Europe/London", "America/New_York", "America/Los_Angeles"))


@cache
def edges() -> tuple[tuple[ZoneInfo, dt.datetime], ...]:
    """Every zone with each day of the two years on which its clocks change; one ordinary day where they never do."""
    found = [(ZoneInfo(name), list(changes(ZoneInfo(name)))) for name in sorted(available_timezones() - {"localtime"})]
    return tuple((zone, day) for zone, days in found for day in days or [FIRST])


def changes(zone: ZoneInfo) -> Iterator[dt.datetime]:
    day = FIRST
    while day < LAST:
        if day.astimezone(zone).utcoffset() != (day + dt.timedelta(days=1)).astimezone(zone).utcoffset():
            yield day
        day += dt.timedelta(days=1)


def asked(day: dt.datetime) -> Iterator[dt.datetime]:
    """Moments from a day before a change until a day after it."""
    return (day - dt.timedelta(days=1) + number * STEP for number in range(3 * 24 * 60 // 7))


def since(earlier: dt.time, later: dt.time) -> int:
    """Seconds from one time of day to the next such other."""
    return (_seconds(later) - _seconds(earlier)) % 86_400


def _seconds(time: dt.time) -> int:
    return time.hour * 3_600 + time.minute * 60 + time.second


def breaches(hours: Hours, open_at) -> tuple[int, int]:
    """How many messages of how many went out, as a chunk begins or ends, while the clock on the wall forbade it."""
    sent = wrong = 0
    for zone, day in edges():
        until = day
        for moment in asked(day):
            if moment < until:  # the answer to the last question holds for those before it
                continue
            until = open_at(moment, hours, zone)
            for each in (until, until + CHUNK):
                sent += 1
                wrong += since(hours.begins, each.astimezone(zone).time()) < since(hours.begins, hours.ends)
    return wrong, sent


@pytest.mark.parametrize("hours", [NIGHT, AROUND_MIDNIGHT_GAPS, AT_NOON], ids=str)
def test_no_zone_is_sent_anything_in_quiet_hours_around_any_change_of_its_clocks(hours):
    wrong, sent = breaches(hours, lambda at, hours, zone: quiet.opening(at, [hours], [zone], lasting=CHUNK))
    assert len({str(zone) for zone, _ in edges()}) > 400
    assert (wrong, sent > 100_000) == (0, True), f"{wrong} of {sent}"


def test_by_the_offset_of_the_day_before_messages_would_go_out_in_quiet_hours():
    """The negative control: who takes a zone for so many hours from UTC is wrong by one when the clocks change."""

    def by_offset(at, hours, zone):
        offset = dt.timezone((at - dt.timedelta(days=1)).astimezone(zone).utcoffset())
        return quiet.opening(at, [hours], [offset], lasting=CHUNK)

    assert breaches(NIGHT, by_offset)[0] > 100


def at(text: str, zone=dt.UTC) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-03-02T12:00", "2026-03-02T12:00"),
        ("2026-03-02T20:59:30", "2026-03-02T20:59:30"),
        ("2026-03-02T20:59:50", "2026-03-03T08:00"),  # it would not be over at nine
        ("2026-03-02T21:00", "2026-03-03T08:00"),
        ("2026-03-03T07:59:59", "2026-03-03T08:00"),
        ("2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-03-28T22:00", "2026-03-29T08:00"),  # the clocks are set forward that night
        ("2026-10-24T22:00", "2026-10-25T08:00"),  # and back that night
    ],
)
def test_the_night_ends_by_the_clock_on_the_wall(asked, opens):
    assert quiet.opening(at(asked, LONDON), [NIGHT], [LONDON], lasting=CHUNK) == at(opens, LONDON)


def test_an_hour_that_clocks_leave_out_ends_when_it_would_have_begun_at_the_latest():
    hours = Hours(dt.time(22), dt.time(1, 30))  # 01:30 is not on that day: 01:00 is followed by 02:00
    opens = quiet.opening(at("2026-03-28T23:00", LONDON), [hours], [LONDON], lasting=CHUNK)
    assert opens.astimezone(LONDON).time() >= dt.time(2)


def test_an_hour_that_comes_twice_is_quiet_twice():
    hours = Hours(dt.time(22), dt.time(1, 30))
    second_one_oclock = at("2026-10-25T01:00", LONDON).replace(fold=1)
    opens = quiet.opening(second_one_oclock, [hours], [LONDON], lasting=CHUNK)
    assert opens == at("2026-10-25T01:30", LONDON).replace(fold=1).astimezone(dt.UTC)


def test_where_a_member_may_be_in_any_of_several_zones_all_must_allow_it():
    opens = quiet.opening(at("2026-07-01T09:00", NEW_YORK), [NIGHT], [NEW_YORK, LA], lasting=CHUNK)
    assert opens == at("2026-07-01T08:00", LA)


def test_hours_of_several_channels_are_waited_for_alike():
    opens = quiet.opening(at("2026-03-02T07:00"), [NIGHT, Hours(dt.time(8), dt.time(9))], [dt.UTC], lasting=CHUNK)
    assert opens == at("2026-03-02T09:00")


def test_hours_that_leave_no_moment_are_told_and_not_waited_for():
    with pytest.raises(NeverOpenError):
        quiet.opening(at("2026-03-02T07:00"), [NIGHT, Hours(dt.time(8), dt.time(21))], [dt.UTC], lasting=CHUNK)


def test_without_hours_it_is_now():
    assert quiet.opening(at("2026-03-02T23:00"), [], [LONDON], lasting=CHUNK) == at("2026-03-02T23:00")
