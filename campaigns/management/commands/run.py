import json
import resource
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from campaigns import chunks, launching, planning, run, summary
from campaigns.models import Campaign, Run
from loyalty import clock
from loyalty.refusal import Refused

WAIT_SECONDS = 1


class Command(BaseCommand):
    help = "Runs a campaign here and now, or dry-runs it: decides for every member in reach, then delivers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN_REF")
        parser.add_argument("--dry-run", action="store_true", help="decide, and keep nothing")
        parser.add_argument("--workers", type=int, default=1, help="threads that take chunks (default 1)")
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, campaign: str, dry_run: bool, workers: int, **options: object) -> None:
        found = Campaign.objects.filter(ref=campaign).first()
        if found is None:
            raise CommandError(f"There is no campaign {campaign}: `manage.py run` takes a campaign's reference.")
        started = time.perf_counter()
        try:
            told = self._dry_run(found) if dry_run else self._run(found, workers)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        told["seconds"] = round(time.perf_counter() - started, 3)
        told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.stdout.write(f"{told['assigned']:,} of {told['eligible']:,} eligible members were assigned an offer.")
        if options["json"]:
            self.stdout.write(json.dumps(told))

    def _dry_run(self, campaign: Campaign) -> summary.Summary:
        inputs = launching.inputs(campaign, at=clock.now(), on=clock.today())
        return summary.of_plan(inputs, planning.plan(inputs, report=self.stderr.write))

    def _run(self, campaign: Campaign, workers: int) -> summary.Summary:
        """Launch the campaign, or go on with its unfinished run, and work until it is over."""
        unfinished = campaign.runs.unfinished().first()
        launched = unfinished or launching.launch(campaign, by=None, at=clock.now(), on=clock.today())
        while launched.is_working:
            _work(launched.pk, workers)
            launched.refresh_from_db()
            self._tell_progress(launched)
            if launched.is_working:  # what is left is leased to somebody else
                time.sleep(WAIT_SECONDS)
        if launched.state != Run.State.FINISHED:
            raise CommandError(launched.sentence or f"The run is {launched.get_state_display().lower()}.")
        return summary.of_run(launched)

    def _tell_progress(self, launched: Run) -> None:
        for stage in chunks.progress(launched):
            self.stderr.write(f"{stage.label}: {stage.members_done:,} of {stage.members_total:,} members")


def _work(run_id: int, workers: int) -> None:
    """Do what is free, here or in so many threads with a connection each."""
    if workers == 1:
        run.work(run_id, now=clock.by_the_database)
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(_work_apart, [run_id] * workers))


def _work_apart(run_id: int) -> None:
    try:
        run.work(run_id, now=clock.by_the_database)
    finally:
        connections.close_all()
