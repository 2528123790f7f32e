"""Lets two weeks pass in the simulated world: members respond to what was really sent, then the clock moves.

What is to pass is written down first, so that asking twice at once, or again after a crash, lets it pass once.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from celery import current_app
from django.conf import settings

from analytics import freezing
from analytics.programme import freezing as quarters
from campaigns import run
from campaigns.models import Campaign, Run
from config import locks
from config.demo import living, state
from config.demo.state import State, Stretch
from loyalty import clock, profiles
from loyalty.refusal import Refused

LENGTH = dt.timedelta(days=14)
TASK = "demo.let_time_pass"
STAGES = (
    WAITING := "Waiting for a worker",
    living.LIVING,
    *(f"{living.LOADING} {kind}" for kind in ("purchases", "events")),
    PROFILES := "Building profiles",
    CLOSING := "Finishing campaigns whose outcome window is over",
)
BROKEN_OFF = "It broke off, and the worker's log says why. Nothing was lost: let it go on."
NOBODY = "There are no simulated members in this house, so nobody would respond. Time passes by itself here."
BEING_SENT = "A campaign is being sent just now: let its run finish, then let time pass."


def ask(*, at: dt.datetime) -> None:
    """Let the next two weeks pass, unless they are passing already, and call a worker for it."""
    if not state.current().members:
        raise Refused(NOBODY)
    if Run.objects.unfinished().exists():
        raise Refused(BEING_SENT)
    until = clock.local_day(at + LENGTH)
    state.update(lambda known: replace(known, passing=_asked(known, until)))
    current_app.send_task(TASK, retry=False)


def carry_out(*, now: Callable[[], dt.datetime]) -> None:
    """Let pass what was asked for; whoever comes second waits, and finds nothing left to do."""
    with locks.alone(settings.DATA / "passing.lock"):
        known = state.current()
        if known.passing:
            _pass(known, known.passing, at=now() + LENGTH)


def break_off() -> None:
    """Say that it stopped before its end."""
    state.update(lambda known: replace(known, passing=known.passing and replace(known.passing, sentence=BROKEN_OFF)))


def _asked(known: State, until: dt.date) -> Stretch:
    return replace(known.passing or Stretch(known.lived_until, until), stage=WAITING, sentence="")


def _pass(known: State, stretch: Stretch, *, at: dt.datetime) -> None:
    def report(stage: str) -> None:
        state.change(passing=replace(stretch, stage=stage, sentence=""))

    rows = living.live(known, until=stretch.until, at=at, report=report)
    report(PROFILES)
    profiles.build(stretch.until, at=at)
    report(CLOSING)
    passed = replace(stretch, purchases=rows.get("purchases", 0), events=rows.get("events", 0), closed=_closed(at=at))
    state.update(
        lambda known: replace(
            known,
            passing=None,
            passed=passed,
            lived_until=stretch.until,
            offset_seconds=known.offset_seconds + LENGTH.total_seconds(),
        )
    )


def _closed(*, at: dt.datetime) -> tuple[str, ...]:
    """Finish the campaigns that can be judged now; returns their references."""
    running = dict(Campaign.objects.running().values_list("pk", "ref"))
    run.close_measured(at=at)
    freezing.freeze_all(as_of=at)
    quarters.freeze_all(as_of=at)
    finished = Campaign.objects.filter(pk__in=running, state=Campaign.State.FINISHED)
    return tuple(finished.values_list("ref", flat=True))
