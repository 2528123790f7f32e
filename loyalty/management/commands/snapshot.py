import datetime as dt
import json
import resource
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loyalty import clock, profiles
from loyalty.models import Snapshot
from loyalty.refusal import Refused


class Command(BaseCommand):
    help = "Builds the profile snapshot: what is known of every member at the start of a day. Or withdraws one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="DAY", help="the day, in the form YYYY-MM-DD; today when left out")
        parser.add_argument("--withdraw", type=int, metavar="NUMBER", help="let nothing new rest on this snapshot")
        parser.add_argument("--why", default="", help="the reason for withdrawing it")
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, as_of: str | None, withdraw: int | None, why: str, json: bool, **_: Any) -> None:
        try:
            if withdraw is not None:
                self._withdraw(withdraw, why)
            else:
                self._build(clock.today() if as_of is None else _day(as_of), told_as_json=json)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None

    def _build(self, day: dt.date, *, told_as_json: bool) -> None:
        snapshot = profiles.build(day, at=clock.now(), report=self.stderr.write)
        self.stdout.write(
            f"Snapshot {snapshot.pk} as of {snapshot.as_of}: {snapshot.members:,} members, {snapshot.columns} columns, "
            f"{snapshot.seconds:.1f} s"
        )
        if told_as_json:
            self.stdout.write(_as_json(snapshot))

    def _withdraw(self, number: int, why: str) -> None:
        gone = profiles.withdraw(number, why=why, at=clock.now())
        latest = Snapshot.objects.latest_ready()
        instead = f"the newest is of {latest.as_of:%-d %B %Y}" if latest else "there is no other: build one"
        self.stdout.write(f"Snapshot {gone.pk} of {gone.as_of:%-d %B %Y} is withdrawn; {instead}.")


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
        raise Refused(f"“{text}” is not a day: write it in the form YYYY-MM-DD.") from None
