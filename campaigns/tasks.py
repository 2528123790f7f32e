"""What Celery workers are asked to do: each task takes an id, calls one function and may be repeated."""

from celery import shared_task

from campaigns import chunks, hints, holdouts, rehearsal, run
from campaigns.models import DryRun, Run, Training
from campaigns.training import asking
from loyalty import clock

TRAINING_SECONDS = 3 * 3_600


@shared_task(name=hints.WORK_ON_RUN)
def work_on_run(run_id: int) -> None:
    run.work(run_id, now=clock.by_the_database)


@shared_task(name=hints.REHEARSE)
def rehearse(dry_run_id: int) -> None:
    rehearsal.rehearse(DryRun.objects.get(pk=dry_run_id), at=clock.now(), on=clock.today())


@shared_task(name="campaigns.sweep")
def sweep() -> None:
    """Find what a lost hint or a dead worker left undone, and call for it again."""
    for unfinished in Run.objects.unfinished():
        run.advance(unfinished, at=clock.now())
    for run_id in chunks.runs_with_work():
        hints.work_on(run_id)
    run.close_measured(at=clock.now())
    asking.call_again(at=clock.now())


@shared_task(name="campaigns.redraw_holdouts")
def redraw_holdouts() -> None:
    """Draw the programme's next holdouts before the present ones end."""
    holdouts.redraw(at=clock.now())


@shared_task(name=hints.TRAIN, time_limit=TRAINING_SECONDS)
def train(training_id: int) -> None:
    asking.work(Training.objects.get(pk=training_id), now=clock.now)


@shared_task(name="campaigns.train_scorers")
def train_scorers() -> None:
    """Learn every night from what past decisions brought, unless somebody asked for that just now."""
    if not asking.under_way(at=clock.now()):
        asking.ask(by=None, at=clock.now())
