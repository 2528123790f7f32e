"""Rows out of PostgreSQL and into it as arrays: a binary COPY of fixed-width columns is a structured array already."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn
from psycopg.sql import SQL, Identifier

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
HEADER_BYTES = 19
TRAILER_BYTES = 2
COUNT_BYTES, SIZE_BYTES = 2, 4
ROWS_AT_ONCE = 2**14
# Of an array: its size in bytes, then dimensions, whether there are nulls, the elements' type, their number, the first.
SIZE = struct.Struct(">i")
ARRAY = struct.Struct(">6i")
ARRAY_BYTES = ARRAY.size - SIZE_BYTES
# The kind of a column of texts, and what the database makes of it; no text of PostgreSQL's can hold the byte between.
TEXTS = "texts"
BETWEEN = b"\0"


def row_type(**columns: str) -> np.dtype:
    """The layout of a binary COPY row whose columns are all of fixed width ("i2", "i4", "i8", "f8") and never null."""
    fields = [("_columns", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_{name}_bytes", ">i4"), (name, f">{kind}")]
    return np.dtype(fields)


def read(query: str, parameters: Mapping[str, object], row: np.dtype) -> np.ndarray:
    """The rows of a SELECT as a structured array of `row`, whose columns must match the query's in order and width."""
    received = bytearray()
    statement = f"COPY ({query}) TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.cursor.copy(statement, parameters) as copy:  # Django's own takes none
        for part in copy:
            received += part
            if _take_what_came(copy.connection.pgconn, received):
                break
    count, rest = divmod(len(received) - HEADER_BYTES - TRAILER_BYTES, row.itemsize)
    if rest:
        raise ValueError(f"The query's columns do not have the widths of {row.names}.")
    return np.frombuffer(received, dtype=row, count=count, offset=HEADER_BYTES)


def _take_what_came(pgconn: PGconn, received: bytearray) -> bool:
    """The rows that are here already: asking for each through the driver takes longer than the server takes to send it.

    Says whether these were the last.
    """
    size, row = pgconn.get_copy_data(1)
    while size > 0:
        received += row
        size, row = pgconn.get_copy_data(1)
    if size == 0:
        return False
    result, *_ = iter(pgconn.get_result, None)
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    return True


def write(table: str, columns: Mapping[str, np.ndarray]) -> None:
    """Add (n,) rows to a table, from columns by name: integers, floats, bools, or bytes of one length without nulls."""
    send(table, tuple(columns), as_rows(columns))


def send(table: str, columns: Sequence[str], rows: np.ndarray) -> None:
    """Add rows to a table that are made ready by `as_rows`, of columns of these names."""
    into = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        Identifier(table), SQL(", ").join(map(Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(into) as copy:  # Django's own takes no composed statement
        copy.write(HEADER)
        for first in range(0, len(rows), ROWS_AT_ONCE):
            copy.write(rows[first : first + ROWS_AT_ONCE].tobytes())
        copy.write(TRAILER)


def as_rows(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Columns as they go over the wire, (n, width) uint8."""
    fields = [("_columns", ">i2")]
    for name, column in columns.items():
        fields += [(f"_{name}_bytes", ">i4"), (name, column.dtype.newbyteorder(">").str)]
    rows = np.empty(len(next(iter(columns.values()))), dtype=np.dtype(fields))
    rows["_columns"] = len(columns)
    for name, column in columns.items():
        rows[f"_{name}_bytes"] = column.dtype.itemsize
        rows[name] = column
    return rows.view(np.uint8).reshape(len(rows), rows.dtype.itemsize)


def texts(value: str) -> str:
    """The SQL by which a block carries a text of each row, never null, as a column of the kind `TEXTS`."""
    return f"string_agg(convert_to({value}, 'UTF8'), '\\x00')"


def blocks(query: str, parameters: Mapping[str, object], columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The rows of a SELECT that packs many of them into each of its own: one array per column (`array_agg`).

    `columns` names them in the query's order, with the kind of their elements as in `row_type`, or `TEXTS` for what
    `texts` makes, which comes as an Arrow array of bytes; no element may be null. Millions of rows come in a few
    messages, where `read` gets one message for each. Yields one block at a time.
    """
    statement = f"COPY ({query}) TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.cursor.copy(statement, parameters) as copy:  # Django's own takes none
        at = HEADER_BYTES  # ahead of the first row; libpq hands over whole rows
        for part in copy:
            if len(part) - at > TRAILER_BYTES:
                yield _unpacked(part, at, columns)
            at = 0


def _unpacked(row: bytes, at: int, columns: Mapping[str, str]) -> dict[str, Any]:
    """The arrays of one row, whose bytes begin with the number of its columns."""
    at += COUNT_BYTES
    unpacked: dict[str, Any] = {}
    for name, kind in columns.items():
        (size,) = SIZE.unpack_from(row, at)
        whole = slice(at + SIZE_BYTES, at + SIZE_BYTES + size)
        unpacked[name] = _split(row[whole]) if kind == TEXTS else _elements(row, at, name, kind)
        at += SIZE_BYTES + size
    return unpacked


def _split(whole: bytes) -> pa.Array:
    return pc.split_pattern(pa.array([whole], pa.large_binary()), pattern=BETWEEN).flatten()


def _elements(row: bytes, at: int, name: str, kind: str) -> np.ndarray:
    size, dimensions, _nulls, _type, count, _first = ARRAY.unpack_from(row, at)
    element = np.dtype([("_bytes", ">i4"), ("value", f">{kind}")])
    if size - ARRAY_BYTES != count * element.itemsize or dimensions != 1:
        raise ValueError(f"{name} is not an array of {kind} without nulls.")
    values = np.frombuffer(row, dtype=element, count=count, offset=at + ARRAY.size)["value"]
    return values.astype(values.dtype.newbyteorder("="))
