"""Tells the workers that a run has work. Only a hint: if it is lost, the sweeper finds the work in the database."""

from celery import current_app

TASK = "campaigns.work_on_run"
WORKERS_CALLED = 4


def work_on(run_id: int, *, workers: int = 1) -> None:
    """Call this many workers; raises kombu's OperationalError at once when the broker does not answer."""
    for _ in range(workers):
        current_app.send_task(TASK, [run_id], retry=False)
