"""Lets the simulated members live: what they do after what was really sent comes in as files, as from any retailer."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from campaigns.models import RunOffer
from config.demo import bridge, history
from config.demo.retailer import files
from config.demo.retailer.planted import EFFECT_DAYS
from config.demo.retailer.world import day_number
from config.demo.state import State
from config.kinds import TARGETS
from loyalty import clock, loading

Report = Callable[[str], None]
LIVING, LOADING = "Members live these days", "Loading"


def live(known: State, *, until: dt.date, at: dt.datetime, report: Report) -> dict[str, int]:
    """Have the members live the days before `until`, and load what the retailer's files tell of them.

    Returns the rows of each kind. The caller remembers that they were lived; living them again changes nothing.
    """
    report(LIVING)
    return bring(written(known, until=until), at=at, report=report)


def written(known: State, *, until: dt.date) -> dict[str, Path]:
    """The files, by kind, of the days before `until` that nobody has lived yet; purchases come before events."""
    still_working = clock.start_of(known.lived_until - dt.timedelta(days=EFFECT_DAYS))
    run_offers = RunOffer.objects.filter(imported=False).order_by("run_id", "position")
    world = bridge.world(known, run_offers.select_related("approval__terms__offer", "approval__terms__product"))
    return files.write_days(
        world,
        history.directory(until),
        bridge.contacts(world, bridge.messages_since(still_working)),
        since=day_number(known.lived_until),
        until=day_number(until),
    )


def bring(paths: Mapping[str, Path], *, at: dt.datetime, report: Report) -> dict[str, int]:
    """Load the files in the order given; returns the rows of each kind."""
    rows = {}
    for kind, path in paths.items():
        report(f"{LOADING} {kind}")
        rows[kind] = loading.load(TARGETS[kind], path, at=at).rows
    return rows
