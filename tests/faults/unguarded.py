"""What the guards are compared with: a step that is not one with its chunk, and does not ask whether it was done."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from campaigns.models import Chunk, Run


@contextmanager
def doing(chunk: Chunk, *, at: dt.datetime) -> Iterator[Run]:
    yield Run.objects.select_related("campaign").get(pk=chunk.run_id)
    Chunk.objects.filter(pk=chunk.pk).update(done_at=at)
