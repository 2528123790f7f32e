"""The staging table: a file's rows as they were read, brought in by COPY."""

import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt
from django.db import connection
from psycopg.sql import SQL, Identifier
from pyarrow import csv

from loyalty.files.kinds import Kind, Type

_TYPES: dict[Type, str] = {
    "flag": "boolean",
    "integer": "bigint",
    "number": "double precision",
    "quantity": "numeric(18, 4)",
    "money": "numeric(18, 4)",
    "date": "date",
    "time": "timestamptz",
}


def create(kind: Kind) -> None:
    """An empty table `staged`, gone at the end of the transaction; a column that the file lacks stays unknown."""
    columns = {"line": "bigint"} | {column.name: _TYPES.get(column.type, "text") for column in kind.columns}
    if kind.has_attributes:
        columns["attributes"] = "jsonb"
    listed = SQL(", ").join(SQL("{} {}").format(Identifier(name), SQL(of)) for name, of in columns.items())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.judged, pg_temp.compared CASCADE")
        cursor.execute(SQL("CREATE TEMP TABLE staged ({}) ON COMMIT DROP").format(listed))


def fill(columns: Sequence[str], content: bytes) -> None:
    """Add rows to `staged`, which `as_csv` has written."""
    copied = SQL("COPY staged ({}) FROM STDIN (FORMAT csv)").format(SQL(", ").join(map(Identifier, columns)))
    with connection.cursor() as cursor, cursor.copy(copied) as copy:
        copy.write(content)


def as_csv(rows: pa.Table) -> bytes:
    """Typed rows as PostgreSQL reads them; a list becomes text with semicolons."""
    written = io.BytesIO()
    csv.write_csv(pa.table({name: _flat(rows[name]) for name in rows.column_names}), written, _OPTIONS)
    return written.getvalue()


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join(column, ";") if pt.is_list(column.type) else column


_OPTIONS = csv.WriteOptions(include_header=False)
