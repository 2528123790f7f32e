"""What would become of a file's first rows: the whole way through the database, and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from loyalty.files.preview import Preview, preview
from loyalty.files.refusal import Reject
from loyalty.staging import binary, judging, merging, table
from loyalty.staging.file import LoadedBy
from loyalty.staging.target import Target


@dataclass(frozen=True)
class SampleRow:
    """A row of the file: its cells by column (none if it fits no table), and why it would be rejected, if it would."""

    line: int
    cells: tuple[tuple[str, str], ...]
    reject: Reject | None


@dataclass(frozen=True)
class Sample:
    columns: tuple[str, ...]
    rows: tuple[SampleRow, ...]


def sample(target: Target, path: Path, *, by: LoadedBy, rows: int) -> Sample:
    """The first rows of a file, each with its fate; keeps nothing. Raises FileRefused for one that cannot be read."""
    found = preview(path, target.kind, time_zone=settings.TIME_ZONE, rows=rows)
    rejects = found.rejects | {reject.line: reject for reject in _judged(target, found, by)}
    return Sample(
        columns=found.columns,
        rows=tuple(
            SampleRow(line, tuple(zip(found.columns, found.cells.get(line, ()), strict=False)), rejects.get(line))
            for line in found.lines
        ),
    )


def _judged(target: Target, found: Preview, by: LoadedBy) -> Iterator[Reject]:
    """What only the database can say against the rows that are well written."""
    if found.table is None or not found.table.num_rows:
        return
    with transaction.atomic():
        table.create(target.kind)
        table.fill(table.STAGED, found.table.column_names, binary.pieces(found.table))
        judging.judge(target, present=found.table.column_names)
        merging.compare(target, {"by": by.user_id, "at": by.at})
        yield from [*judging.rejects(target), *merging.rejects(target)]
        transaction.set_rollback(True)
