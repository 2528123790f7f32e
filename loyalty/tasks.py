"""What Celery workers are asked to do about members."""

from contextlib import suppress

from celery import shared_task

from loyalty import clock, idempotency, profiles
from loyalty.identity import pairing
from loyalty.refusal import Refused


# As long as a task may take; of ten million members it takes minutes.
@shared_task(name="loyalty.build_snapshot", time_limit=840)
def build_snapshot() -> None:
    """Write down what is known of every member at the start of today."""
    profiles.build(clock.today(), at=clock.now())


@shared_task(name="loyalty.forget_answers")
def forget_answers() -> None:
    """Delete what machines were answered so long ago that they are not promised to be answered the same."""
    idempotency.forget(at=clock.now())


# As long as a file may take to load; a pass that is cut off goes on where it was.
@shared_task(name="loyalty.link_members", time_limit=840)
def link_members() -> None:
    """Look for members who may be one person, if members were loaded since that was done."""
    if pairing.is_due():
        with suppress(Refused):  # another worker is at it
            pairing.link(at=clock.now())
