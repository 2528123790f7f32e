"""Where a run stands, for whoever watches it: how far it is, how long it still takes, and whether anybody is at it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models.functions import Now
from django.utils import timezone

from campaigns import chunks, pacing
from campaigns.chunks import Progress
from campaigns.models import Run, Wait

STOPPED = (
    "The worker that was at it stopped. The run goes on by itself, from where it was, as soon as a worker is free: "
    "nothing is lost, and nothing is done twice."
)
WAITING = "No worker is at it yet. It begins by itself as soon as one is free."

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Stage:
    """A stage begun so far, with the time that it still takes in words; empty while its rate does not show."""

    progress: Progress
    left: str


@dataclass(frozen=True)
class Standing:
    """`sentence` says that nobody is at it now and what becomes of it; empty while somebody is. `is_meant` where that
    is as it should be: in quiet hours, or until its turn."""

    stages: list[Stage]
    sentence: str
    is_meant: bool = False


def standing(run: Run, *, at: dt.datetime) -> Standing:
    """How far a working run is."""
    told = chunks.progress(run)
    stages = [Stage(each, "" if each.seconds_left is None else in_time(each.seconds_left)) for each in told]
    if waits := pacing.waiting(run.pk, at=at):
        return Standing(stages, _waits(waits), is_meant=True)
    return Standing(stages, _nobody_at_it(run))


def _waits(told: Wait) -> str:
    return f"{told.why}. It goes on by itself at {timezone.localtime(told.until):%H:%M on %-d %B}."


def _nobody_at_it(run: Run) -> str:
    """By the database's clock, which decides about leases; whoever has just done a chunk is about to take the next."""
    chunks_of_it = run.chunks.all()
    if not chunks_of_it.filter(done_at=None).exists() or chunks_of_it.filter(lease_until__gte=Now()).exists():
        return ""
    return STOPPED if chunks_of_it.filter(attempts__gt=0).exists() else WAITING


def in_time(seconds: float) -> str:
    """What is left in the largest unit that tells it: 50 seconds, about 3 minutes, about 2 hours."""
    if seconds < 1.5 * MINUTE:
        return f"{max(1, round(seconds))} second{'' if seconds < 1.5 else 's'} left"
    unit, size = ("minute", MINUTE) if seconds < 1.5 * HOUR else ("hour", HOUR)
    return f"about {round(seconds / size)} {unit}s left"
