"""Training as a job of its own: asked for by somebody or by the clock, done by a worker, watched on a page."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import connection, transaction

from campaigns import hints
from campaigns.models import Training
from campaigns.training import train
from loyalty.refusal import Refused

Clock = Callable[[], dt.datetime]

# A worker that was killed leaves its training open; after so long nobody waits for it.
PATIENCE = dt.timedelta(hours=3)
OVERDUE = dt.timedelta(minutes=1)
LOCKS = 4_711  # the space of our advisory locks, so that a training's number is not taken for something else's
WAITING = "Waiting for a worker"
BROKE = "It broke off, and what is in use stays. The worker's log says why; train again once that is mended."


def ask(*, by: User | None, at: dt.datetime) -> Training:
    """Record that scorers are to be trained, and call a worker; Refused while that is being done already."""
    if under_way(at=at):
        raise Refused("Scorers are being trained already: wait until that is done.")
    training = Training.objects.create(asked_by=by, started_at=at, doing=WAITING)
    transaction.on_commit(lambda: hints.train(training.pk), robust=True)
    return training


def under_way(*, at: dt.datetime) -> Training | None:
    """The training that somebody is at, or will be."""
    return Training.objects.filter(finished_at=None, started_at__gt=at - PATIENCE).first()


def call_again(*, at: dt.datetime) -> None:
    """Call a worker once more for what nobody began in good time, since its hint may be lost."""
    overdue = Training.objects.filter(finished_at=None, doing=WAITING, started_at__lt=at - OVERDUE)
    for training in overdue.filter(started_at__gt=at - PATIENCE):
        hints.train(training.pk)


def work(training: Training, *, now: Clock) -> None:
    """Carry it out; nothing happens where that was done, or is being done by another worker."""
    with _alone(training) as is_ours:
        training.refresh_from_db()
        if not is_ours or training.finished_at:
            return
        try:
            training.sentences = train(at=now(), report=lambda step: _say(training, step))
        except BaseException:
            training.failed, training.sentences = True, [BROKE]
            raise
        finally:
            training.doing, training.finished_at = "", now()
            training.save(update_fields=["doing", "finished_at", "failed", "sentences"])


def _say(training: Training, step: str) -> None:
    Training.objects.filter(pk=training.pk).update(doing=step)


@contextmanager
def _alone(training: Training) -> Iterator[bool]:
    """Whether nobody else is at it. The database lets go of the lock when its holder's connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, training.pk])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, training.pk])
