"""Tells the demo's story with the product's own verbs: files are loaded, offers approved, campaigns run and measured.

The clock is set back while it is told, so that everything happens when it would have happened; at the end it stands at
the real now.
"""

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from analytics import freezing
from analytics.programme import freezing as quarters
from campaigns import run
from campaigns.models import Run
from config.demo import clock, history, living, opening, state
from config.demo.living import Report
from config.demo.state import State
from config.demo.story import campaigns, cast, offers, segments, telling
from config.demo.story.campaigns import Brief
from config.demo.story.cast import Cast
from config.demo.story.together import together
from loyalty import clock as programme
from loyalty import profiles

# How many days after it opened the house launched its two campaigns.
FIRST_LAUNCH, SECOND_LAUNCH = 1, 2
MORNING, NOON, AFTERNOON = (dt.timedelta(hours=hours) for hours in (8, 12, 16))


def tell(known: State, report: Report) -> None:
    """The story from opening the house, with the files of two years, until today."""
    people, now, opened = cast.of_the_logins(), opening.today(), opening.opening_day()
    first, second = (opened + dt.timedelta(days=days) for days in (FIRST_LAUNCH, SECOND_LAUNCH))
    open_house(known, people, opened, report)
    campaigns.hold_out(by=people.analyst, at=clock.now())
    report("Approving offers")
    offers.approve_most(people, written_at=clock.now(), approved_at=moment(first, MORNING))
    carry_out(campaigns.EVERYBODY, people, first, report)
    carry_out(campaigns.WELCOME_BACK, people, second, report)
    offers.leave_some_waiting(people, at=moment(now - dt.timedelta(days=1), AFTERNOON))
    bring_up_to(now, report)
    coffee = campaigns.draft(campaigns.COFFEE, by=people.marketer, at=timezone.now())
    campaigns.rehearse(coffee, by=people.marketer, at=timezone.now())


def open_house(known: State, people: Cast, day: dt.date, report: Report) -> None:
    """The files of all the years before the day come in, and profiles and segments are made of them."""
    clock.set_to(moment(day, MORNING))
    report(f"Making up {known.members:,} members and what they bought in two years")
    paths = history.write(known.members, first_day=known.first_day, until=day)
    bring(paths, "stores", "products", "members", report=report)
    together(
        lambda: bring(paths, "consents", report=report),
        lambda: bring(paths, "offers", "campaigns", "assignments", report=report),
        lambda: telling.say(at=clock.now()),
    )
    bring_ledgers(paths, day, report)
    segments.save(by=people.marketer, at=clock.now())


def bring(paths: Mapping[str, Path], *kinds: str, report: Report) -> None:
    """Load the files of these kinds, in this order, where there are any."""
    living.bring({kind: paths[kind] for kind in kinds if kind in paths}, at=clock.now(), report=report)


def bring_ledgers(paths: Mapping[str, Path], day: dt.date, report: Report) -> None:
    """What members did before the day comes in; profiles know nothing of events, and are built beside them."""
    bring(paths, "purchases", report=report)  # alone: so large a file wants its table to itself
    together(
        lambda: bring(paths, "events", report=report),
        lambda: profiles.build(day, at=clock.now(), report=report),
    )
    state.change(lived_until=day)


def carry_out(brief: Brief, people: Cast, day: dt.date, report: Report) -> None:
    """Launch the campaign and see it through, together with whatever workers there are."""
    clock.set_to(moment(day, NOON))
    report(f"Running “{brief.name}”")
    launched = campaigns.launch(brief, by=people.marketer, at=clock.now())
    while launched.is_working:
        run.work(launched.pk, now=clock.now)
        time.sleep(0.05)  # others may still be at their last chunks
        launched.refresh_from_db()
    if launched.state != Run.State.FINISHED:
        raise CommandError(f"“{brief.name}” did not finish: {launched.sentence}")


def bring_up_to(day: dt.date, report: Report) -> None:
    """What members did before that day comes in, and campaigns whose window has closed are finished."""
    clock.set_to(timezone.now())
    report(living.LIVING)
    paths = living.written(state.current(), until=day)
    bring(paths, "members", "consents", report=report)
    bring_ledgers(paths, day, report)
    run.close_measured(at=clock.now())
    report("Telling what campaigns brought")
    freezing.freeze_all(as_of=clock.now())
    quarters.freeze_all(as_of=clock.now())


def moment(day: dt.date, after_midnight: dt.timedelta) -> dt.datetime:
    return programme.start_of(day) + after_midnight
