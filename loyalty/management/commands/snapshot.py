import datetime as dt
import json
import resource
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from loyalty import clock, profiles
from loyalty.models import Snapshot


class Command(BaseCommand):
    help = "Builds the profile snapshot: what is known of every member at the start of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=_day, help="the day, as 2026-01-31; today when left out")
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, as_of: dt.date | None, json: bool, **_: object) -> None:
        snapshot = profiles.build(as_of or clock.today(), at=clock.now(), report=self.stderr.write)
        self.stdout.write(
            f"Snapshot {snapshot.pk} as of {snapshot.as_of}: {snapshot.members:,} members, {snapshot.columns} columns, "
            f"{snapshot.seconds:.1f} s"
        )
        if json:
            self.stdout.write(_as_json(snapshot))


def _as_json(snapshot: Snapshot) -> str:
    told = {
        "snapshot": snapshot.pk,
        "as_of": snapshot.as_of.isoformat(),
        "members": snapshot.members,
        "columns": snapshot.columns,
        "seconds": snapshot.seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return json.dumps(told)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is not a day: write it as 2026-01-31.", returncode=2) from None
