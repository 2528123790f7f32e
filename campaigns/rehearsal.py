"""The dry run: the computation of a launch, of which only the report is kept."""

import datetime as dt

from django.contrib.auth.models import User

from campaigns import hints, launching, planning, summary
from campaigns.models import Campaign, DryRun
from loyalty.refusal import Refused


def ask(campaign: Campaign, *, by: User | None, at: dt.datetime) -> DryRun:
    """Record that a dry run is wanted, and call a worker for it."""
    dry_run = DryRun.objects.create(campaign=campaign, asked_by=by, started_at=at, stage="Waiting for a worker")
    hints.rehearse(dry_run.pk)
    return dry_run


def rehearse(dry_run: DryRun, *, at: dt.datetime, on: dt.date) -> None:
    """Plan what a run started now would do, and keep the report or the reason why there is none."""
    try:
        inputs = launching.inputs(dry_run.campaign, at=at, on=on)
        dry_run.report = summary.of_plan(inputs, planning.plan(inputs, report=lambda stage: _say(dry_run, stage)))
    except Refused as refusal:
        dry_run.sentence = str(refusal)
    dry_run.stage, dry_run.finished_at = "", at
    dry_run.save(update_fields=["stage", "report", "sentence", "finished_at"])


def _say(dry_run: DryRun, stage: str) -> None:
    DryRun.objects.filter(pk=dry_run.pk).update(stage=stage)
