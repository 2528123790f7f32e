"""What the demo remembers of its world beside the database: `world.json` in the data directory.

The world itself is a function of the seed, the number of members and the first day. This file adds how many of its
days have been lived, how far the demo's clock is from the real one, and what became of the last stretch of time.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from django.conf import settings

from config import locks

SEED, MEMBERS, DAYS_OF_HISTORY = 7, 20_000, 730


@dataclass(frozen=True)
class Stretch:
    """A stretch of simulated time from `since` to before `until`: where it is, or what came of it.

    `stage` says what is being done and is empty once it is over; `sentence` says why it stopped before its end.
    """

    since: dt.date
    until: dt.date
    stage: str = ""
    sentence: str = ""
    purchases: int = 0
    events: int = 0
    closed: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: dict[str, Any] | None) -> Self | None:
        if told is None:
            return None
        days = {name: dt.date.fromisoformat(told[name]) for name in ("since", "until")}
        return cls(**{**told, **days, "closed": tuple(told["closed"])})


@dataclass(frozen=True)
class State:
    """`lived_until` is the first day that nobody has lived yet; `is_made` holds once the story is told to its end.

    `passing` is the stretch of time that is being simulated now, `passed` the last one that was.
    """

    seed: int
    members: int
    first_day: dt.date
    lived_until: dt.date
    is_made: bool = False
    offset_seconds: float = 0.0
    passing: Stretch | None = None
    passed: Stretch | None = None


def path() -> Path:
    return settings.DATA / "world.json"


def read() -> State | None:
    """What is remembered; None where there is no demo."""
    try:
        told = json.loads(path().read_text())
    except FileNotFoundError:
        return None
    return State(
        seed=told["seed"],
        members=told["members"],
        first_day=dt.date.fromisoformat(told["first_day"]),
        lived_until=dt.date.fromisoformat(told["lived_until"]),
        is_made=told["is_made"],
        offset_seconds=told["offset_seconds"],
        passing=Stretch.read(told["passing"]),
        passed=Stretch.read(told["passed"]),
    )


def current() -> State:
    """What is remembered; raises LookupError where there is no demo."""
    known = read()
    if known is None:
        raise LookupError(f"There is no demo in {settings.DATA}: start one with `manage.py demo`.")
    return known


def write(state: State) -> State:
    """Replace what is remembered, whole or not at all."""
    draft = path().with_suffix(".draft")
    draft.write_text(json.dumps(asdict(state), default=dt.date.isoformat, indent=2))
    draft.replace(path())
    return state


def change(**facts: Any) -> State:
    """Change some of what is remembered."""
    return update(lambda known: replace(known, **facts))


def update(changed: Callable[[State], State]) -> State:
    """Change what is remembered by what it is now; changes by several processes come one after the other."""
    with locks.alone(path().with_suffix(".lock")):
        return write(changed(current()))
