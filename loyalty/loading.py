"""Loads a file: all of its good rows in one transaction, or none, and a record of what became of every row."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction

from loyalty.files import quarantine, rejects
from loyalty.files.refusal import FileRefused
from loyalty.models import Load
from loyalty.refusal import Refused
from loyalty.staging.file import LoadedBy, Progress, Report, bring_in
from loyalty.staging.target import Target

REJECTS = "rejects"
REASONS_KEPT = 10  # of a load, beside the file that has them all
NONE_REJECTED: Mapping[str, Any] = {"kept_rows": 0, "reasons": []}
BROKEN_OFF = "The loading broke off, and nothing of the file was loaded: load it again."

# The advisory lock that says a load is being carried out; it goes with the process that holds it.
_LOAD_LOCK = 7301
# Looked up, not tried: for the moment of a try, a load that begins would find itself held by somebody else.
_HELD = """
    SELECT objid::bigint, extract(epoch FROM clock_timestamp() - coalesce(xact_start, state_change))::float
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class LoadResult:
    """What became of a file's rows: `rows` is the sum of the four counts; `rejects_file` is empty without rejects.

    `quality` has the rows that look `suspicious` by what is wrong, `sums` of money as read, kept and found in the
    database, `kept_rows`, the rejected rows that can be loaded again, and the `reasons` of all that were rejected: the
    columns and what is wrong with them, with the rows of each, the most frequent ones first.
    """

    kind: str
    rows: int
    loaded: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str
    quality: Mapping[str, Any] = field(default_factory=dict)


def load(
    target: Target,
    path: Path,
    *,
    at: dt.datetime,
    report: Report = lambda _: None,
    dry_run: bool = False,
    by: User | None = None,
) -> LoadResult:
    """Load a file, or (`dry_run`) say what would become of its rows and keep nothing but the rejects.

    Raises Refused, with nothing loaded, for a file that cannot be read.
    """
    if dry_run:
        return _rehearse(target, path, by=LoadedBy(by.pk if by else None, at), report=report)
    return carry_out(begin(target, path, at=at, by=by), target, report=report)


def begin(target: Target, path: Path, *, at: dt.datetime, by: User | None, name: str = "") -> Load:
    """Record that a file waits to be loaded; `name` is what its owner calls it."""
    return Load.objects.create(
        kind=target.kind.name,
        file_name=name or path.name,
        path=str(path.resolve()),
        bytes_total=path.stat().st_size if path.is_file() else 0,
        loaded_by=by,
        started_at=at,
    )


def carry_out(record: Load, target: Target, *, report: Report = lambda _: None) -> LoadResult:
    """Load the file of a record; nothing changes when that is done already.

    Raises Refused, with nothing loaded, for a file that cannot be read and while another process loads it.
    """
    try:
        with _noting(record, report) as noting, transaction.atomic():
            _hold(record)
            record.refresh_from_db()
            if record.state != Load.State.DONE:
                _load(record, target, noting)
    except FileRefused as refusal:
        refuse(record, str(refusal))
        raise Refused(str(refusal)) from None
    except Refused:
        raise
    except Exception:
        refuse(record, BROKEN_OFF)
        raise
    return result_of(record)


def refuse(record: Load, sentence: str) -> None:
    """Record that nothing of a file was loaded, and why."""
    record.state, record.sentence, record.rows = Load.State.REFUSED, sentence, 0
    record.save(update_fields=["state", "sentence", "rows"])


def result_of(record: Load) -> LoadResult:
    return LoadResult(
        kind=record.kind,
        rows=record.rows,
        loaded=record.loaded,
        updated=record.updated,
        unchanged=record.unchanged,
        rejected=record.rejected,
        rejects_file=str(settings.DATA / record.rejects_file) if record.rejects_file else "",
        quality=record.quality,
    )


def is_held(record: Load) -> bool:
    """Whether a process is loading it now; a load that is not finished and not held was broken off."""
    return record.pk in held()


def held() -> dict[int, float]:
    """The loads that are being carried out now, in whatever process, and for how many seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_LOAD_LOCK])
        return dict(cursor.fetchall())


def _load(record: Load, target: Target, report: Report) -> None:
    started = time.monotonic()
    report(Progress(0, record.bytes_total, 0, 0.0, "reading"))
    path = settings.DATA / REJECTS / f"{record.pk}.csv"
    by = LoadedBy(record.loaded_by_id, record.started_at)
    result = _brought_in(target, Path(record.path), path, by=by, report=report)
    record.rows, record.rejected = result.rows, result.rejected
    record.loaded, record.updated, record.unchanged = result.loaded, result.updated, result.unchanged
    record.rejects_file = f"{REJECTS}/{path.name}" if result.rejects_file else ""
    record.quality = {**result.quality, **(_quarantined(record, target, path) if result.rejected else NONE_REJECTED)}
    record.state, record.sentence, record.bytes_read = Load.State.DONE, "", record.bytes_total
    record.finished_at = record.started_at + dt.timedelta(seconds=time.monotonic() - started)
    record.save()


def quarantine_of(record: Load) -> Path:
    """Where a load's rejected rows lie as they stood in its file, each with its reason."""
    return settings.DATA / REJECTS / f"{record.pk}.rows.csv"


def _quarantined(record: Load, target: Target, rejects_path: Path) -> dict[str, Any]:
    """Keep the rejected rows, so that they can be loaded again; returns how many could be kept, and why rejected."""
    reasons = rejects.reasons(rejects_path)
    kept = quarantine.keep(Path(record.path), target.kind, reasons, quarantine_of(record))
    return {"kept_rows": kept, "reasons": [list(each) for each in reasons.most_frequent(REASONS_KEPT)]}


def _rehearse(target: Target, path: Path, *, by: LoadedBy, report: Report) -> LoadResult:
    rejects_path = settings.DATA / REJECTS / f"dry-run-{uuid.uuid4().hex}.csv"
    try:
        with transaction.atomic():
            result = _brought_in(target, path, rejects_path, by=by, report=report)
            transaction.set_rollback(True)
    except FileRefused as refusal:
        raise Refused(str(refusal)) from None
    return result


def _brought_in(target: Target, path: Path, rejects_path: Path, *, by: LoadedBy, report: Report) -> LoadResult:
    with rejects.written(rejects_path) as rejected:
        found = bring_in(target, path, rejected, by=by, report=report)
    return LoadResult(
        kind=target.kind.name,
        rows=found.rows,
        loaded=found.merged.loaded,
        updated=found.merged.updated,
        unchanged=found.merged.unchanged,
        rejected=rejected.count,
        rejects_file=str(rejects_path) if rejected.count else "",
        quality=found.quality.as_json(),
    )


@contextmanager
def _noting(record: Load, report: Report) -> Iterator[Report]:
    """A report that also notes the progress in the record, by a connection beside the load's own transaction."""
    beside = connection.copy()

    def note(progress: Progress) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE loyalty_load SET state = 'loading', bytes_read = %s, rows = %s WHERE id = %s",
                [progress.done, progress.rows, record.pk],
            )
        report(progress)

    try:
        yield note
    finally:
        beside.close()


def _hold(record: Load) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOAD_LOCK, record.pk])
        if not cursor.fetchone()[0]:
            raise Refused(f"{record.file_name} is being loaded already: wait until it is done.")
