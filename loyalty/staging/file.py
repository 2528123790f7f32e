"""One file through all the stages: straight into its table, or read in blocks, staged, judged and merged."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from loyalty.files.rejects import RejectsFile
from loyalty.staging import judging, merging, straight, table
from loyalty.staging.merging import Merged
from loyalty.staging.stream import Progress, Report, Stream
from loyalty.staging.target import Target

__all__ = ["LoadedBy", "Progress", "Report", "bring_in"]

# The advisory lock under which files of one kind are merged one after the other.
_KIND_LOCK = 7302


@dataclass(frozen=True)
class LoadedBy:
    """Who loads, if it is a person, and when; for the rows that say so."""

    user_id: int | None
    at: dt.datetime


def bring_in(target: Target, path: Path, rejected: RejectsFile, *, by: LoadedBy, report: Report) -> tuple[int, Merged]:
    """Write a file's good rows within the present transaction, and its rejects; returns the rows read and their fates.

    Raises FileRefused for a file that cannot be read: the caller rolls back.
    """
    if target.is_appended:
        stream = Stream(path, target.kind, rejected=rejected, report=report)
        _wait_for_turn(target)
        appended = straight.bring_in(target, path, stream)
        if appended:
            return stream.rows, appended
        rejected.begin_again()
    return _by_stages(target, Stream(path, target.kind, rejected=rejected, report=report), rejected, by)


def _by_stages(target: Target, stream: Stream, rejected: RejectsFile, by: LoadedBy) -> tuple[int, Merged]:
    table.create(target.kind)
    present = _stage(stream)
    _wait_for_turn(target)
    judging.judge(target, present=present)
    merged = merging.merge(target, {"by": by.user_id, "at": by.at})
    rejected.add(judging.rejects(target))
    rejected.add(merging.rejects(target))
    return stream.rows, merged


def _stage(stream: Stream) -> set[str]:
    """The columns that the file has."""
    present: set[str] = set()
    for block, pieces in stream.written():
        table.fill(table.STAGED, block.table.column_names, pieces)
        present.update(block.table.column_names)
    return present


def _wait_for_turn(target: Target) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_KIND_LOCK, target.kind.name])
