import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.kinds import TARGETS
from loyalty import clock, loading
from loyalty.loading import LoadResult
from loyalty.refusal import Refused
from loyalty.staging.file import Progress


class Command(BaseCommand):
    help = "Loads one file of the retailer's: CSV, packed or not, or Parquet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=TARGETS, metavar="KIND", help=", ".join(TARGETS))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would become of each row, and keep nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, kind: str, file: Path, dry_run: bool, **options: object) -> None:
        try:
            result = loading.load(TARGETS[kind], file, at=clock.now(), report=self._tell, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(_in_words(result, dry_run=dry_run))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result)))

    def _tell(self, progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 1.0
        self.stderr.write(f"{progress.doing}: {share:.0%}, {progress.rows:,} rows, {progress.rate:,.0f} rows/s")


def _in_words(result: LoadResult, *, dry_run: bool) -> str:
    told = (
        f"{result.rows:,} rows of {result.kind}: {result.loaded:,} loaded, {result.updated:,} updated, "
        f"{result.unchanged:,} unchanged, {result.rejected:,} rejected"
    )
    rejects = f" (see {result.rejects_file})" if result.rejects_file else ""
    kept = " Nothing was kept: this was a dry run." if dry_run else ""
    return f"{told}{rejects}.{kept}{_to_look_at(result)}"


def _to_look_at(result: LoadResult) -> str:
    suspicious = result.quality.get("suspicious", {})
    return "".join(f"\nLook at {rows:,} {words}." for words, rows in suspicious.items())
