"""The dry run: the computation of a launch, of which only the report is kept."""

import datetime as dt

from django.contrib.auth.models import User

from campaigns import hints, launching, planning, summary
from campaigns.models import Campaign, DryRun
from loyalty.refusal import Refused

FAILED = (
    "It failed for a reason that the worker's log tells. Nothing was stored or sent: ask for it again, or for help."
)


def ask(campaign: Campaign, *, by: User | None, at: dt.datetime) -> DryRun:
    """Record that a dry run is wanted, and call a worker for it."""
    dry_run = DryRun.objects.create(campaign=campaign, asked_by=by, started_at=at, stage="Waiting for a worker")
    hints.rehearse(dry_run.pk)
    return dry_run


def rehearsed(campaign: Campaign, *, by: User | None, at: dt.datetime, on: dt.date) -> DryRun:
    """A dry run here and now, without a worker."""
    dry_run = DryRun.objects.create(campaign=campaign, asked_by=by, started_at=at)
    rehearse(dry_run, at=at, on=on)
    return dry_run


def rehearse(dry_run: DryRun, *, at: dt.datetime, on: dt.date) -> None:
    """Plan what a run started now would do, and keep the report or the reason why there is none."""
    try:
        inputs = launching.inputs(dry_run.campaign, at=at, on=on)
        dry_run.report = summary.of_plan(inputs, planning.plan(inputs, report=lambda stage: _say(dry_run, stage)))
    except Refused as refusal:
        dry_run.sentence = str(refusal)
    except Exception:
        dry_run.sentence = FAILED  # whoever waits for it is told, and whoever runs the workers reads what it was
        raise
    finally:
        dry_run.stage, dry_run.finished_at = "", at
        dry_run.save(update_fields=["stage", "report", "sentence", "finished_at"])


def _say(dry_run: DryRun, stage: str) -> None:
    DryRun.objects.filter(pk=dry_run.pk).update(stage=stage)
