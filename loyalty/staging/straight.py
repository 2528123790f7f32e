"""Rows that only add to one table go straight into it, several times faster than by way of the staging table.

That is right as long as no key comes twice and none is known already, which the table's own unique constraint proves,
at once or when it is built. Where it refuses, nothing of the attempt remains, and the rows are staged.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, transaction

from loyalty.files.blocks import Block
from loyalty.files.columns import rows_where
from loyalty.files.refusal import Reject, quoted
from loyalty.staging import table
from loyalty.staging.bare import bare_if_empty
from loyalty.staging.merging import Merged
from loyalty.staging.references import Ids
from loyalty.staging.stream import Stream
from loyalty.staging.target import Field, Target, is_known

# No form of a file needs less for a row: purchases take 17 in Parquet.
_LEAST_BYTES_A_ROW = 16


def bring_in(target: Target, path: Path, stream: Stream) -> Merged | None:
    """Append a file's rows; None, with nothing appended, if one of them comes again.

    Raises FileRefused for a file that cannot be read.
    """
    most_rows = path.stat().st_size // _LEAST_BYTES_A_ROW if path.exists() else 0
    try:
        with transaction.atomic(), bare_if_empty(target.table, rows=most_rows):
            return Merged(sum(_appended(target, stream)), 0, 0)
    except IntegrityError:
        return None


def _appended(target: Target, stream: Stream) -> Iterator[int]:
    for block, pieces in stream.written(Resolved(target).of):
        table.fill(target.table, block.table.column_names, pieces)
        stream.inspection.keep(block.table)
        yield block.table.num_rows


class Resolved:
    """Blocks of a file → blocks of the target's own columns, without the rows that refer to what is not known."""

    def __init__(self, target: Target) -> None:
        self._fields = target.fields
        self._ids = {field: Ids(field.reference) for field in target.fields if field.reference}

    def of(self, block: Block) -> Block:
        """The block's rows as the table takes them; rejects them by the first reference that is not known."""
        rows, rejects = block.table, list(block.rejects)
        for field, ids in self._ids.items():
            if field.source in rows.column_names:
                rows, unknown = _found(rows, field, ids)
                rejects += unknown
        columns = {field.column: _values(rows, field) for field in self._fields if _is_given(rows, field)}
        return Block(pa.table(columns), sorted(rejects), done=block.done, size=block.size)


def _found(rows: pa.Table, field: Field, ids: Ids) -> tuple[pa.Table, list[Reject]]:
    """The rows with a column for the ids, and a reject for each row left out."""
    refs = rows[field.source].combine_chunks()
    found = ids.of(refs)
    rows = rows.append_column(field.column, found)
    if found.null_count == refs.null_count:
        return rows, []
    is_unknown = pc.and_(found.is_null(), refs.is_valid())
    check = is_known(field)
    rejects = [
        Reject(rows["line"][row].as_py(), check.column, quoted(refs[row].as_py()), check.reason)
        for row in rows_where(is_unknown)
    ]
    return rows.filter(pc.invert(is_unknown)), rejects


def _is_given(rows: pa.Table, field: Field) -> bool:
    return field.source in rows.column_names or field.default is not None


def _values(rows: pa.Table, field: Field) -> pa.Array | pa.ChunkedArray:
    if field.reference:
        return rows[field.column]
    if field.source not in rows.column_names:
        return pa.repeat(field.default, rows.num_rows)
    return rows[field.source] if field.default is None else pc.fill_null(rows[field.source], field.default)
