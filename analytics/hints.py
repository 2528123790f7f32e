"""Tells the workers that a report is wanted. Only a hint: if it is lost, the nightly round makes the report."""

from celery import current_app

MAKE_REPORT = "analytics.make_report"


def make_report(making_id: int) -> None:
    """Call a worker; raises kombu's OperationalError at once when the broker does not answer."""
    current_app.send_task(MAKE_REPORT, [making_id], retry=False)
