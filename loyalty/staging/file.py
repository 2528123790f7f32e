"""One file through all the stages: read in blocks, staged, judged, merged, its rejects written down."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from loyalty.files import reader
from loyalty.files.ahead import in_order
from loyalty.files.blocks import Block
from loyalty.files.rejects import RejectsFile
from loyalty.staging import judging, merging, table
from loyalty.staging.merging import Merged
from loyalty.staging.target import Target

# The advisory lock under which files of one kind are merged one after the other.
_KIND_LOCK = 7302
WRITERS = 2


class Progress(NamedTuple):
    """How far a load is: bytes read of the file's, rows read, seconds since it began, and what is being done."""

    done: int
    total: int
    rows: int
    seconds: float
    doing: str

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / max(self.seconds, 1e-6)

    @property
    def seconds_left(self) -> float | None:
        """Until the file is read."""
        return self.seconds * (self.total - self.done) / self.done if self.done else None


@dataclass(frozen=True)
class LoadedBy:
    """Who loads, if it is a person, and when; for the rows that say so."""

    user_id: int | None
    at: dt.datetime


Report = Callable[[Progress], None]


def bring_in(target: Target, path: Path, rejected: RejectsFile, *, by: LoadedBy, report: Report) -> tuple[int, Merged]:
    """Write a file's good rows within the present transaction, and its rejects; returns the rows read and their fates.

    Raises FileRefused for a file that cannot be read: the caller rolls back.
    """
    table.create(target.kind)
    rows, present = _stage(target, path, rejected, report)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_KIND_LOCK, target.kind.name])
    judging.judge(target, present=present)
    merged = merging.merge(target, {"by": by.user_id, "at": by.at})
    rejected.add(judging.rejects(target))
    rejected.add(merging.rejects(target))
    return rows, merged


def _written(target: Target, path: Path) -> Iterator[Callable[[], tuple[Block, bytes]]]:
    """Blocks with their rows as COPY takes them, to be written beside the reading and the copying."""
    for block in reader.blocks(path, target.kind, time_zone=settings.TIME_ZONE):
        yield partial(_with_csv, block)


def _with_csv(block: Block) -> tuple[Block, bytes]:
    return block, table.as_csv(block.table)


def _stage(target: Target, path: Path, rejected: RejectsFile, report: Report) -> tuple[int, set[str]]:
    """Rows read, and the columns that the file has."""
    started, rows, size = time.monotonic(), 0, path.stat().st_size if path.exists() else 0
    present: set[str] = set()
    for block, content in in_order(_written(target, path), threads=WRITERS):
        rejected.add(block.rejects)
        table.fill(block.table.column_names, content)
        present.update(block.table.column_names)
        rows += len(block)
        report(Progress(block.done, block.size, rows, time.monotonic() - started, "reading"))
    report(Progress(size, size, rows, time.monotonic() - started, "writing"))
    return rows, present
