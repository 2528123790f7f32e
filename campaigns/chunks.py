"""The queue of record: pieces of a run's work, leased to whoever asks; a lease that runs out is simply taken again.

Celery only hints that there is work. Losing the broker costs time, and a hint delivered twice changes nothing.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import numpy as np
from django.db import connection, models, transaction

from campaigns.models import Chunk, Run

LEASE_SECONDS = 20
# A chunk of deliveries holds its members' consent while their messages are handed over.
MEMBERS_PER_DELIVERY = 200
# Deciding is one COPY: enough chunks for many workers, of which none is so short that asking for the next one shows.
DECIDING_CHUNKS, FEWEST_DECIDED, MOST_DECIDED = 64, 500, 250_000
MOST_ATTEMPTS = 5

# The database's clock decides about leases, so that workers need not agree on the time.
TAKE = """
UPDATE campaigns_chunk SET lease_until = clock_timestamp() + make_interval(secs => %s), attempts = attempts + 1
WHERE id = (SELECT id FROM campaigns_chunk
            WHERE run_id = %s AND done_at IS NULL AND (lease_until IS NULL OR lease_until < clock_timestamp())
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
RENEW = "UPDATE campaigns_chunk SET lease_until = clock_timestamp() + make_interval(secs => %s) WHERE id = %s"
RUNS_WITH_FREE_CHUNKS = """
SELECT DISTINCT run_id FROM campaigns_chunk JOIN campaigns_run run ON run.id = run_id
WHERE run.state = ANY(%s) AND done_at IS NULL AND (lease_until IS NULL OR lease_until < clock_timestamp())
ORDER BY run_id
"""


def make(run: Run, stage: str, member_ids: np.ndarray | None = None) -> None:
    """Cut a stage into chunks of consecutive members; without members the stage is a single chunk."""
    if member_ids is None:
        Chunk.objects.create(run=run, stage=stage, number=0)
        return
    size = _size(stage, len(member_ids))
    pieces = [member_ids[at : at + size] for at in range(0, len(member_ids), size)]
    Chunk.objects.bulk_create(
        Chunk(run=run, stage=stage, number=number, first=piece[0], last=piece[-1], members=len(piece))
        for number, piece in enumerate(pieces)
    )


def _size(stage: str, members: int) -> int:
    """How many members make a chunk."""
    if stage == Chunk.Stage.DELIVER:
        return MEMBERS_PER_DELIVERY
    return min(max(members // DECIDING_CHUNKS, FEWEST_DECIDED), MOST_DECIDED)


def take(run_id: int) -> Chunk | None:
    """Lease one free chunk of the run, in the order of the stages, or None when there is none to take now."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [LEASE_SECONDS, run_id])
        row = cursor.fetchone()
    return Chunk.objects.select_related("run__campaign").get(pk=row[0]) if row else None


def runs_with_work() -> list[int]:
    """Ids of working runs of which some chunk is free: never begun, or begun by a worker whose lease ran out."""
    with connection.cursor() as cursor:
        cursor.execute(RUNS_WITH_FREE_CHUNKS, [list(Run.WORKING)])
        return [run_id for (run_id,) in cursor.fetchall()]


def renew(chunk: Chunk) -> None:
    """Keep the lease while a long piece of work shows signs of life."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW, [LEASE_SECONDS, chunk.pk])


@contextmanager
def held(chunk: Chunk) -> Iterator[None]:
    """Keep the lease for as long as the block takes: by a thread, which ends with the worker however that ends."""
    over = Event()
    thread = Thread(target=_hold, args=(chunk, over), name=f"lease of chunk {chunk.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _hold(chunk: Chunk, over: Event) -> None:
    try:
        while not over.wait(LEASE_SECONDS / 4):
            renew(chunk)
    finally:
        connection.close()  # a thread has one of its own


class Unfinished(Exception):  # noqa: N818 - it is no error
    """Raised inside `doing`: what was done so far stays done, and the chunk is put back."""


@contextmanager
def doing(chunk: Chunk, *, at: dt.datetime) -> Iterator[Run | None]:
    """One transaction in which the chunk is done: gives its run, or None when there is nothing left to do.

    The chunk's row is locked, so a second worker with the same chunk waits and then finds it done. A share of the
    run's row is held, so a cancellation waits for what has begun and nothing begins after it.
    """
    with transaction.atomic():
        chunk = Chunk.objects.select_for_update().get(pk=chunk.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM campaigns_run WHERE id = %s FOR SHARE", [chunk.run_id])
        run = Run.objects.select_related("campaign").get(pk=chunk.run_id)
        if chunk.done_at or not run.is_working:
            yield None
            return
        try:
            yield run
        except Unfinished:
            _put_back(chunk)
            return
        chunk.done_at = at
        chunk.save(update_fields=["done_at"])


def _put_back(chunk: Chunk) -> None:
    """Let it be taken again by anybody: waiting is no failure, and is not counted as one."""
    chunk.lease_until, chunk.attempts = None, max(chunk.attempts - 1, 0)
    chunk.save(update_fields=["lease_until", "attempts"])


def are_done(run: Run, stage: str) -> bool:
    return not run.chunks.filter(stage=stage, done_at=None).exists()


@dataclass(frozen=True)
class Progress:
    """How far a stage is: chunks and members, done and in total; `rate` is members a second, None until it shows."""

    stage: str
    done: int
    total: int
    members_done: int
    members_total: int
    rate: float | None

    @property
    def label(self) -> str:
        return Chunk.Stage(self.stage).label

    @property
    def seconds_left(self) -> float | None:
        return (self.members_total - self.members_done) / self.rate if self.rate else None


def progress(run: Run) -> list[Progress]:
    """One entry per stage begun so far, in their order."""
    done = models.Q(done_at__isnull=False)
    stages = run.chunks.values("stage").annotate(
        done=models.Count("id", filter=done),
        total=models.Count("id"),
        members_done=models.Sum("members", filter=done, default=0),
        members_total=models.Sum("members"),
        first=models.Min("done_at"),
        last=models.Max("done_at"),
        begun=models.Min("id"),
    )
    return [_progress(**stage) for stage in stages.order_by("begun")]


def _progress(*, begun: int, first: dt.datetime | None, last: dt.datetime | None, **told: Any) -> Progress:
    seconds = (last - first).total_seconds() if first and last else 0
    # The first chunk marks the start of the clock, so its members are not counted in the rate.
    later = told["members_done"] * (1 - 1 / told["done"]) if told["done"] else 0
    return Progress(**told, rate=later / seconds if seconds and later else None)
