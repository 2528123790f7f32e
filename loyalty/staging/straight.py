"""Rows that only add to one table go straight into it, several times faster than by way of the staging table.

That is right as long as no key comes twice and none is known already, which the table's own unique constraint proves,
at once or when it is built. Where it refuses, nothing of the attempt remains, and the rows are staged.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Identifier

from loyalty.files.blocks import Block
from loyalty.files.refusal import Reject, quoted
from loyalty.staging import table
from loyalty.staging.bare import bare_if_empty
from loyalty.staging.merging import Merged
from loyalty.staging.references import Ids
from loyalty.staging.stream import Stream
from loyalty.staging.target import Check, Field, Mask, Target, is_known

# No form of a file needs less for a row: purchases take 17 in Parquet.
_LEAST_BYTES_A_ROW = 16


def bring_in(target: Target, path: Path, stream: Stream) -> Merged | None:
    """Append a file's rows; None, with nothing appended, if one of them comes again.

    Raises FileRefused for a file that cannot be read.
    """
    most_rows = path.stat().st_size // _LEAST_BYTES_A_ROW if path.exists() else 0
    try:
        with transaction.atomic(), bare_if_empty(target.table, rows=most_rows):
            return Merged(sum(_appended(target, stream)))
    except (IntegrityError, ComesAgain):
        return None


def _appended(target: Target, stream: Stream) -> Iterator[int]:
    for block, pieces in stream.written(Resolved(target).of):
        table.fill(target.table, block.table.column_names, pieces)
        stream.inspection.keep(block.table)
        yield block.table.num_rows


class Resolved:
    """Blocks of a file → blocks of the target's own columns, without the rows that are at fault."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._ids = {field: Ids(field.reference) for field in target.fields if field.reference}

    def of(self, block: Block) -> Block:
        """The block's rows as the table takes them; each of the others is rejected by the first thing at fault.

        Raises ComesAgain where what is at fault with a row does not count, for its thing is known already.
        """
        rows, unknown = self._with_ids(block.table)
        rows, at_fault = self._checked(rows)
        given = {field.column: _values(rows, field) for field in self._target.fields if _is_given(rows, field)}
        return Block(pa.table(given), sorted(block.rejects + unknown + at_fault), done=block.done, size=block.size)

    def _with_ids(self, rows: pa.Table) -> tuple[pa.Table, list[Reject]]:
        """The rows with a column for the ids of each reference, and rejects of those that name what is not known."""
        rejects: list[Reject] = []
        for field, ids in self._ids.items():
            if field.source in rows.column_names:
                refs = rows[field.source].combine_chunks()
                found = ids.of(refs)
                is_unknown = pc.and_(found.is_null(), refs.is_valid())
                rows, unknown = _parted(rows.append_column(field.column, found), is_unknown, is_known(field))
                rejects += unknown
        return rows, rejects

    def _checked(self, rows: pa.Table) -> tuple[pa.Table, list[Reject]]:
        rejects: list[Reject] = []
        read = rows
        for check in self._target.checks:
            rows, found = _parted(rows, check.finds(rows), check)  # type: ignore[misc]  # as its target made sure
            rejects += found
        if self._target.bar:
            rows, found = _parted(rows, _is_barred(rows, self._target), self._target.bar.check)
            rejects += found
        if rejects and _is_any_known(self._target, read, [reject.line for reject in rejects]):
            raise ComesAgain
        return rows, rejects


class ComesAgain(Exception):  # noqa: N818 - a finding, on which another way is gone
    """A row tells of what is known already."""


def _parted(rows: pa.Table, is_at_fault: Mask, check: Check) -> tuple[pa.Table, list[Reject]]:
    """The rows without those at fault, and a reject for each of these."""
    at_fault = rows.filter(is_at_fault)
    if not at_fault.num_rows:
        return rows, []
    cells = at_fault[check.column].to_pylist() if check.column in rows.column_names else [None] * at_fault.num_rows
    lines = at_fault["line"].to_pylist()
    rejects = [
        Reject(line, check.column, quoted(_as_text(cell)), check.reason)
        for line, cell in zip(lines, cells, strict=True)
    ]
    return rows.filter(pc.invert(is_at_fault)), rejects


def _as_text(cell: str | float | None) -> str:
    """A cell as the database would write it."""
    return str(cell).removesuffix(".0") if isinstance(cell, float) else cell or ""


def _is_barred(rows: pa.Table, target: Target) -> Mask:
    bar = target.bar
    assert bar
    ids = rows[next(field.column for field in target.fields if field.source == bar.source)]
    is_concerned = bar.finds(rows)
    barred = bar.barred(ids.filter(is_concerned).unique().drop_null().to_pylist())
    return pc.and_(is_concerned, pc.is_in(ids, pa.array(sorted(barred), pa.int64())))


def _is_any_known(target: Target, rows: pa.Table, lines: list[int]) -> bool:
    (key,) = (field for field in target.fields if field.column in target.key)
    keys = rows.filter(pc.is_in(rows["line"], pa.array(lines, pa.int64())))[key.source].to_pylist()
    query = SQL("SELECT EXISTS (SELECT FROM {} WHERE {} = ANY (%s))")
    with connection.cursor() as cursor:
        cursor.execute(query.format(Identifier(target.table), Identifier(key.column)), [keys])
        return bool(cursor.fetchone()[0])


def _is_given(rows: pa.Table, field: Field) -> bool:
    return field.source in rows.column_names or field.default is not None


def _values(rows: pa.Table, field: Field) -> pa.Array | pa.ChunkedArray:
    if field.reference:
        return rows[field.column]
    if field.source not in rows.column_names:
        return pa.repeat(field.default, rows.num_rows)
    return rows[field.source] if field.default is None else pc.fill_null(rows[field.source], field.default)
