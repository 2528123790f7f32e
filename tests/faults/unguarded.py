"""What the guard is compared with: deciding that is not one with its chunk, and does not ask whether it was done.

The other stages keep it: a plan that is half recorded would be closed before anything was decided.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from campaigns.chunks import doing as guarded
from campaigns.models import Chunk, Run


@contextmanager
def doing(chunk: Chunk, *, at: dt.datetime) -> Iterator[Run | None]:
    if chunk.stage != Chunk.Stage.DECIDE:
        with guarded(chunk, at=at) as run:
            yield run
        return
    yield Run.objects.select_related("campaign").get(pk=chunk.run_id)
    Chunk.objects.filter(pk=chunk.pk).update(done_at=at)
