import json
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from loyalty import clock, segmentation
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation import audience, exchange


class Command(BaseCommand):
    help = "Counts the members who match a segment rule, or says why one member is in or out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", type=Path, metavar="RULE.json")
        parser.add_argument("--explain", metavar="MEMBER_REF")
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, rule: Path, explain: str | None, **options: object) -> None:
        try:
            members = segmentation.current_profiles(on=clock.today())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        parsed = _parsed(rule, members)
        if explain:
            self.stdout.write(_why(parsed, members, explain))
            return
        started = time.perf_counter()
        matching = segmentation.inside(parsed, members).count
        milliseconds = 1000 * (time.perf_counter() - started)
        share = matching / len(members) if len(members) else 0.0
        self.stdout.write(f"{matching:,} of {len(members):,} members ({share:.1%}) match, in {milliseconds:.1f} ms")
        if options["json"]:
            told = {"members": len(members), "matching": matching, "share": share, "milliseconds": milliseconds}
            self.stdout.write(json.dumps(told))


def _parsed(path: Path, members: Profiles) -> segments.Rule:
    """The rule of a file as the page exports it, or of a bare rule; other segments are called by their names."""
    try:
        with path.open("rb") as file:
            _, rule = exchange.read(file.read(exchange.MOST_BYTES + 1))
        return segmentation.parsed(rule, members)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except Refused as refusal:
        raise CommandError(f"{path} is not a segment rule that can be used: {refusal}") from None


def _why(rule: segments.Rule, members: Profiles, ref: str) -> str:
    try:
        told = audience.why(rule, members, ref)
    except Refused as refusal:
        raise CommandError(str(refusal)) from None
    return f"{ref} counts as {told.counts_as}. {told.sentence}" if told.counts_as else told.sentence
