"""What Celery workers are asked to do: each task takes an id, calls one function and may be repeated."""

from celery import shared_task

from analytics import freezing, hints, making
from analytics.models import Making
from analytics.programme import freezing as quarters
from campaigns.models import Run
from loyalty import clock

SECONDS = 3_600  # ten million members' purchases take minutes to add up


@shared_task(name="analytics.freeze_report", time_limit=SECONDS)
def freeze_report(run_id: int) -> None:
    freezing.freeze(Run.objects.get(pk=run_id), as_of=clock.now())


@shared_task(name="analytics.freeze_reports")
def freeze_reports() -> None:
    """Tell every night what has become known of each run, until late purchases count no more."""
    for run in freezing.unfinished(as_of=clock.now()):
        freeze_report.delay(run.pk)


@shared_task(name="analytics.close_reports")
def close_reports() -> None:
    """Tell what came of a run as soon as its outcome window has closed."""
    for run in freezing.just_closed(as_of=clock.now()):
        freeze_report.delay(run.pk)


@shared_task(name=hints.MAKE_REPORT, time_limit=SECONDS)
def make_report(making_id: int) -> None:
    """Make the report that somebody waits for."""
    making.make(Making.objects.get(pk=making_id), at=clock.now())


@shared_task(name="analytics.freeze_programme", time_limit=SECONDS)
def freeze_programme() -> None:
    """Tell every week what the whole programme brought, quarter by quarter."""
    quarters.freeze_all(as_of=clock.now())
