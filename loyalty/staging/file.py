"""One file through all the stages: straight into its table, or read in blocks, staged, judged and merged."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from loyalty.files.rejects import RejectsFile
from loyalty.staging import judging, merging, straight, table
from loyalty.staging.merging import Merged
from loyalty.staging.quality import Inspection, Quality
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


class BroughtIn(NamedTuple):
    """The rows read, their fates, and what is to be said of the file's quality."""

    rows: int
    merged: Merged
    quality: Quality


def bring_in(target: Target, path: Path, rejected: RejectsFile, *, by: LoadedBy, report: Report) -> BroughtIn:
    """Write a file's good rows within the present transaction, and its rejects.

    Raises FileRefused for a file that cannot be read: the caller rolls back.
    """

    def stream() -> Stream:
        return Stream(path, target.kind, rejected=rejected, report=report, inspection=Inspection(target, by.at))

    if target.is_appended:
        found = stream()
        _wait_for_turn(target, found.inspection)
        appended = straight.bring_in(target, path, found)
        if appended:
            return BroughtIn(found.rows, appended, found.inspection.outcome())
        rejected.begin_again()
    return _by_stages(target, stream(), rejected, by)


def _by_stages(target: Target, stream: Stream, rejected: RejectsFile, by: LoadedBy) -> BroughtIn:
    table.create(target.kind)
    present = _stage(stream)
    _wait_for_turn(target, stream.inspection)
    stream.inspection.see_again(judging.judge(target, present=present))
    merged = merging.merge(target, {"by": by.user_id, "at": by.at})
    stream.inspection.keep_judged(refused=merged.refused)
    rejected.add(judging.rejects(target))
    if merged.refused:
        rejected.add(merging.rejects(target))
    return BroughtIn(stream.rows, merged, stream.inspection.outcome())


def _stage(stream: Stream) -> set[str]:
    """The columns that the file has."""
    present: set[str] = set()
    for block, pieces in stream.written():
        table.fill(table.STAGED, block.table.column_names, pieces)
        present.update(block.table.column_names)
    return present


def _wait_for_turn(target: Target, inspection: Inspection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_KIND_LOCK, target.kind.name])
    inspection.begin()
