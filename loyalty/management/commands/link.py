import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from loyalty import clock
from loyalty.identity import pairing
from loyalty.models import Linking
from loyalty.refusal import Refused


class Command(BaseCommand):
    help = "Finds members who may be one person, by their e-mail addresses and phone numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, **options: object) -> None:
        try:
            done = pairing.link(at=clock.now(), report=self._tell)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{done.done:,} members compared: {done.pairs:,} pairs share an address, {done.merged:,} of them were "
            f"merged by rule; {done.unlikely:,} more are too unlikely to ask about, and {done.crowded:,} addresses are "
            "shared by too many to mean anything alone."
        )
        if options["json"]:
            told = {name: getattr(done, name) for name in ("done", "pairs", "merged", "unlikely", "crowded")}
            self.stdout.write(json.dumps({"linking": done.pk, "members": told.pop("done"), **told}))

    def _tell(self, linking: Linking) -> None:
        share = linking.done / linking.total if linking.total else 1.0
        self.stderr.write(f"comparing: {min(share, 1.0):.0%}, {linking.done:,} members")
