"""The files that the retailer brings when the house opens: `python -m config.demo.history` writes them beforehand."""

import datetime as dt
import sys
from pathlib import Path

from django.conf import settings

from config import locks
from config.demo.retailer import files, world
from config.demo.retailer.world import day_number
from config.demo.state import DAYS_OF_HISTORY, SEED


def main(members: str, first_day: str, until: str) -> None:
    write(int(members), first_day=dt.date.fromisoformat(first_day), until=dt.date.fromisoformat(until))


def write(members: int, *, first_day: dt.date, until: dt.date) -> dict[str, Path]:
    """The files of all days before `until`, by kind; if a process is writing them already, its files."""
    place = directory(until)
    place.parent.mkdir(parents=True, exist_ok=True)
    with locks.alone(place.with_suffix(".lock")):
        if not place.exists():
            draft = place.with_suffix(".draft")
            everybody = world.create(SEED, members, first_day, days=DAYS_OF_HISTORY)
            files.write(everybody, draft, until=day_number(until))
            draft.rename(place)
    return {path.stem: path for path in place.iterdir()}


def directory(until: dt.date) -> Path:
    """Where the files lie that tell of the days before `until`."""
    return settings.DATA / "retailer" / until.isoformat()


if __name__ == "__main__":
    main(*sys.argv[1:])
