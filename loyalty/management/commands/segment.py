import json
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from loyalty import clock, profiles
from loyalty.models import Member, Snapshot
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles


class Command(BaseCommand):
    help = "Counts the members who match a segment rule, or says why one member is in or out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", type=Path, metavar="RULE.json")
        parser.add_argument("--explain", metavar="MEMBER_REF")
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, rule: Path, explain: str | None, **options: object) -> None:
        members = _opened()
        parsed = _parsed(rule, members)
        if explain:
            self.stdout.write(_why(parsed, members, explain))
            return
        started = time.perf_counter()
        matching = int(segments.matching(parsed, members).sum())
        milliseconds = 1000 * (time.perf_counter() - started)
        share = matching / len(members) if len(members) else 0.0
        self.stdout.write(f"{matching:,} of {len(members):,} members ({share:.1%}) match, in {milliseconds:.1f} ms")
        if options["json"]:
            told = {"members": len(members), "matching": matching, "share": share, "milliseconds": milliseconds}
            self.stdout.write(json.dumps(told))


def _opened() -> Profiles:
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        raise CommandError("There are no member profiles yet: run `manage.py snapshot` first.")
    return profiles.opened(snapshot, on=clock.today())


def _parsed(path: Path, members: Profiles) -> segments.Rule:
    try:
        return segments.parse(json.loads(path.read_text()), members.features, members.vocabularies)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{path} is not a segment rule: {error}") from None


def _why(rule: segments.Rule, members: Profiles, ref: str) -> str:
    member = Member.objects.filter(ref=ref).first()
    position = members.position(member.pk) if member else None
    if position is None:
        raise CommandError(f"There is no member {ref} in the snapshot as of {members.as_of}.")
    return segments.explain(rule, members, position).sentence
