"""Tells the workers that there is work. Only a hint: if it is lost, the sweeper finds the work in the database."""

from celery import current_app

WORK_ON_RUN = "campaigns.work_on_run"
REHEARSE = "campaigns.rehearse"
TRAIN = "campaigns.train"
WORKERS_CALLED = 4


def work_on(run_id: int, *, workers: int = 1) -> None:
    """Call this many workers for a run; raises kombu's OperationalError at once when the broker does not answer."""
    for _ in range(workers):
        current_app.send_task(WORK_ON_RUN, [run_id], retry=False)


def rehearse(dry_run_id: int) -> None:
    """Call a worker for a dry run."""
    current_app.send_task(REHEARSE, [dry_run_id], retry=False)


def train(training_id: int) -> None:
    """Call a worker for a training."""
    current_app.send_task(TRAIN, [training_id], retry=False)
