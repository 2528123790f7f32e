"""The staging table: a file's rows as they were read, brought in by COPY."""

from collections.abc import Iterable, Sequence

from django.db import connection
from psycopg.sql import SQL, Identifier

from loyalty.files.kinds import Kind, Type
from loyalty.staging import binary
from loyalty.staging.binary import Piece
from loyalty.staging.target import listed

STAGED = "staged"

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
        columns["attributes"] = "text"
    types = SQL(", ").join(SQL("{} {}").format(Identifier(name), SQL(of)) for name, of in columns.items())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.judged, pg_temp.compared, pg_temp.barred CASCADE")
        cursor.execute(SQL("CREATE TEMP TABLE staged ({}) ON COMMIT DROP").format(types))


def fill(table: str, columns: Sequence[str], pieces: Iterable[Piece]) -> None:
    """Add rows to a table, in the form that `binary.pieces` gives them."""
    copied = SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(Identifier(table), listed(columns))
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(copied) as copy:
        copy.write(binary.BEGINNING)
        for piece in pieces:
            copy.write(piece)
        copy.write(binary.END)
