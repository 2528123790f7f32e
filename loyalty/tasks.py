"""What Celery workers are asked to do for profiles."""

from celery import shared_task

from loyalty import clock, profiles


@shared_task(name="loyalty.build_snapshot")
def build_snapshot() -> None:
    """Write down what is known of every member at the start of today."""
    profiles.build(clock.today(), at=clock.now())
