"""What Celery workers are asked to do about members."""

from celery import shared_task

from loyalty import clock, idempotency, profiles


@shared_task(name="loyalty.build_snapshot")
def build_snapshot() -> None:
    """Write down what is known of every member at the start of today."""
    profiles.build(clock.today(), at=clock.now())


@shared_task(name="loyalty.forget_answers")
def forget_answers() -> None:
    """Delete what machines were answered so long ago that they are not promised to be answered the same."""
    idempotency.forget(at=clock.now())
