"""Opens the demo's house: the first time its story is told, later it goes on from where it stopped."""

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from signal import Signals
from threading import Thread

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from config import processes
from config.demo import clock, logins, state
from config.demo.state import State
from loyalty import clock as programme
from loyalty.models import Member

OPENED_DAYS_AGO = 17

Report = Callable[[str], None]


@contextmanager
def writing_ahead(members: int | None) -> Iterator[None]:
    """Have the files of a world that is to be made written meanwhile, by a process that ends with the block."""
    if state.read() is not None or members == 0:
        yield
        return
    known = fresh(state.MEMBERS if members is None else members)
    words = (str(known.members), known.first_day.isoformat(), opening_day().isoformat())
    log = settings.DATA / "log" / "history.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    writer = processes.spawn(
        (sys.executable, "-m", "config.demo.history", *words),
        log=log,
        last_signal=Signals.SIGKILL,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        cwd=settings.BASE,
    )
    Thread(target=_get_ready, daemon=True).start()
    try:
        yield
    finally:
        processes.stop(writer, Signals.SIGKILL, patience_seconds=1)


def _get_ready() -> None:
    """Do beforehand what takes its time and waits for nobody."""
    import_module("config.demo.story")
    logins.hashed()


def build(members: int | None, report: Report) -> None:
    """Have a house with so many simulated members, told until now; with 0 it is empty, for data of one's own.

    What is there already stays as it is. Raises CommandError where another number was asked for than is there, and
    where somebody else's members would get mixed up.
    """
    known = state.read()
    if known is not None:
        refuse_another_size(known, members)
        resume(known)
        return
    members = state.MEMBERS if members is None else members
    refuse_members_of_others(members)
    known = state.write(fresh(members))
    if members:
        from config.demo import story  # heavy, and needed once

        story.tell(known, report)
    state.change(is_made=True, offset_seconds=0.0)


def refuse_another_size(known: State, members: int | None) -> None:
    if members not in (None, known.members):
        raise CommandError(
            f"This house has {known.members:,} simulated members. To make one with {members:,}, add --reset, "
            "which deletes all that is in it."
        )


def refuse_members_of_others(members: int) -> None:
    if members and Member.objects.exists():
        raise CommandError(
            "There are members in this database already, and made-up ones would mix with them. "
            "Start with --members 0 to keep them, or with --reset to delete them."
        )


def fresh(members: int) -> State:
    """What a world that is made today is a function of."""
    first_day = today() - dt.timedelta(days=state.DAYS_OF_HISTORY)
    return State(seed=state.SEED, members=members, first_day=first_day, lived_until=today())


def resume(known: State) -> None:
    """Let the clock go on from the last day that was lived: while the demo was off, nobody shopped."""
    missed = programme.local_day(clock.now()) - known.lived_until
    if known.members and missed.days > 0:
        state.change(offset_seconds=known.offset_seconds - missed.total_seconds())


def opening_day() -> dt.date:
    """The day on which the retailer began with us."""
    return today() - dt.timedelta(days=OPENED_DAYS_AGO)


def today() -> dt.date:
    """The real day where the retailer is."""
    return programme.local_day(timezone.now())
