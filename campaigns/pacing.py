"""How soon messages may go: not in quiet hours, and by each channel only so many a minute, over all campaigns.

What a held-out member would have been sent waits and counts as a message does, so that both arms are told at one time.
"""

import datetime as dt
import operator
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from campaigns import quiet
from campaigns.models import Run, Wait
from campaigns.quiet import Hours
from loyalty.models.consent import Channel

# What is begun must be over before quiet hours begin: as long as a worker may be silent about a chunk.
LASTING = dt.timedelta(seconds=20)
MINUTE = dt.timedelta(minutes=1)

NEW = "INSERT INTO campaigns_pace (channel, minute, taken) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
TURN = "SELECT FROM campaigns_pace WHERE channel = ANY(%s) ORDER BY channel FOR UPDATE"
# A minute that others have begun meanwhile is not ended again: it is theirs, and whoever is late asks anew.
TAKE = """
WITH before AS (
    SELECT channel, CASE WHEN minute < %(minute)s THEN 0 WHEN minute = %(minute)s THEN taken ELSE %(most)s END AS taken
    FROM campaigns_pace WHERE channel = %(channel)s
)
UPDATE campaigns_pace pace
SET minute = greatest(minute, %(minute)s),
    taken = CASE WHEN minute > %(minute)s THEN pace.taken
                 ELSE greatest(before.taken, least(before.taken + %(wanted)s, %(most)s)) END
FROM before WHERE pace.channel = before.channel
RETURNING greatest(least(%(wanted)s, %(most)s - before.taken), 0)
"""
NOTE = """
INSERT INTO campaigns_wait (run_id, until, why) VALUES (%(run)s, %(until)s, %(why)s)
ON CONFLICT (run_id) DO UPDATE SET until = excluded.until, why = excluded.why
WHERE campaigns_wait.until <= excluded.until
"""


class Later(NamedTuple):
    """When to go on, and why not now."""

    until: dt.datetime
    why: str


def hours() -> dict[str, Hours]:
    """Of each channel that has quiet hours, which they are."""
    told: Mapping[str, tuple[str, str]] = settings.QUIET_HOURS
    return {Channel(name).value: Hours(*map(_time, ends)) for name, ends in told.items()}


def check_hours() -> None:
    """Raises NeverOpenError where some channels together are never open, and others where hours are not understood."""
    found = hours()
    if any(each.begins == each.ends for each in found.values()):
        raise ValueError("hours that end as they begin")
    for month in range(1, 13):
        for days in (1, 15):
            noon = dt.datetime(2026, month, days, 12, tzinfo=dt.UTC)
            quiet.opening(noon, [*found.values()], zones(), lasting=LASTING)


def most_a_minute() -> dict[str, int]:
    """Of each channel that takes only so many messages a minute, how many."""
    return {Channel(name).value: operator.index(most) for name, most in settings.MOST_A_MINUTE.items()}


def zones() -> list[ZoneInfo]:
    """In which a member may be: nobody knows of any one member, so all of these count."""
    return [ZoneInfo(name) for name in settings.MEMBER_TIME_ZONES or [settings.TIME_ZONE]]


def quiet_until(channels: Collection[str], *, at: dt.datetime) -> Later | None:
    """When all of these channels may be used, where one of them may not be now.

    A campaign waits as a whole: what a member gets by one channel does not come hours ahead of the other.
    """
    asked = {channel: each for channel, each in hours().items() if channel in channels}
    until = quiet.opening(at, [*asked.values()], zones(), lasting=LASTING)
    if until <= at:
        return None
    named = " and ".join(f"{Channel(channel).label} {each}" for channel, each in asked.items())
    return Later(until, f"Quiet hours: {named}")


def take_turn(channels: Collection[str], *, at: dt.datetime) -> None:
    """Wait for whoever sends by a channel that takes only so many, and keep it until the transaction ends."""
    limited = sorted(set(channels) & most_a_minute().keys())
    if not limited:
        return
    with connection.cursor() as cursor:
        for channel in limited:
            cursor.execute(NEW, [channel, _minute(at)])
        cursor.execute(TURN, [limited])


def take(channel: str, wanted: int, *, at: dt.datetime) -> int:
    """How many of these messages may go in this minute: they count from now on. Call it when it is your turn."""
    most = most_a_minute().get(channel)
    if most is None or not wanted:
        return wanted
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"channel": channel, "minute": _minute(at), "wanted": wanted, "most": most})
        (taken,) = cursor.fetchone()
    return int(taken)


def next_minute(channel: str, *, at: dt.datetime) -> Later:
    return Later(_minute(at) + MINUTE, f"{Channel(channel).label} takes at most {most_a_minute()[channel]:,} a minute")


def note(run: Run, later: Later) -> None:
    """Keep that a run waits, for all workers and for its page."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"run": run.pk, "until": later.until, "why": later.why})


def waiting(run_id: int, *, at: dt.datetime) -> Wait | None:
    """What a run waits for at this moment."""
    return Wait.objects.filter(run=run_id, until__gt=at).first()


def in_words(channels: Collection[str]) -> Iterator[tuple[str, str]]:
    """What holds for these channels, each with its label."""
    names = ", ".join(zone.key for zone in zones())
    quiet_ones = [f"{Channel(channel).label} {each}" for channel, each in hours().items() if channel in channels]
    if quiet_ones:
        yield "Quiet hours", f"{' and '.join(quiet_ones)} ({names})"
    slow = [f"{Channel(each).label} {most:,}" for each, most in most_a_minute().items() if each in channels]
    if slow:
        yield "Messages a minute", f"at most {' and '.join(slow)}"


def minutes_for(messages: int, channels: Collection[str]) -> int:
    """How long so many messages take by each of these channels, which send side by side; 0 where nothing slows them."""
    slowest = min((most for channel, most in most_a_minute().items() if channel in channels), default=None)
    return 0 if slowest is None else -(-messages // slowest)


def _time(told: str) -> dt.time:
    return dt.datetime.strptime(told, "%H:%M").time()  # noqa: DTZ007 - of any day and zone


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)
