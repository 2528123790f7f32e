"""Typed rows as PostgreSQL's binary COPY takes them (its manual: COPY, “Binary Format”).

A row is the number of its fields, and then of each its length in bytes, −1 for NULL, and its value, big-endian. Every
column is encoded as a whole, and the columns are then joined row by row; a list becomes text with semicolons.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from loyalty.files.columns import TEXT
from loyalty.files.decimals import DECIMAL
from loyalty.files.times import INSTANT

BEGINNING, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
LARGEST_PIECE = 2**24

_NULL = pa.scalar(b"\xff\xff\xff\xff", pa.binary())
_NOTHING = pa.scalar(b"", pa.binary())
_EPOCH_DAYS = (dt.date(2000, 1, 1) - dt.date(1970, 1, 1)).days
_EPOCH_MICROSECONDS = _EPOCH_DAYS * 86_400_000_000

# A numeric is digits to the base of 10,000, of which 18 decimal digits, four behind the point, take five.
_DIGITS, _BASE, _NEGATIVE = 5, 10_000, 0x4000
_NUMERIC = np.dtype(
    [("digits", ">i2"), ("weight", ">i2"), ("sign", ">u2"), ("scale", ">i2"), ("digit", ">i2", _DIGITS)]
)

Piece = memoryview
Encode = Callable[[pa.Array], npt.NDArray[Any]]


def pieces(rows: pa.Table) -> Iterator[Piece]:
    """The rows, a few megabytes at a time, as they follow `BEGINNING`; raises KeyError for a type without a form."""
    step = max(1, rows.num_rows * LARGEST_PIECE // max(rows.nbytes, 1))
    for start in range(0, rows.num_rows, step):
        yield _joined(rows.slice(start, step))


def _joined(rows: pa.Table) -> Piece:
    columns = [_one_array(column) for column in rows.columns]
    fields = [part for column in columns for part in _fields(column)]
    count = pa.scalar(rows.num_columns.to_bytes(2, "big"), pa.binary())
    return memoryview(pc.binary_join_element_wise(count, *fields, _NOTHING).buffers()[2])


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    return (pc.binary_join(column, ";") if pt.is_list(column.type) else column).combine_chunks()


def _fields(values: pa.Array) -> tuple[pa.Array, ...]:
    """The parts of a column's fields, one after the other."""
    if values.type == TEXT:
        lengths = pc.binary_length(values).fill_null(-1).to_numpy(zero_copy_only=False)
        return _as_bytes(lengths.astype(">i4")), values.fill_null("").cast(pa.binary())
    fields = _with_length(_ENCODE[values.type](values))
    return (pc.if_else(values.is_null(), _NULL, fields) if values.null_count else fields,)


def _with_length(encoded: npt.NDArray[Any]) -> pa.Array:
    fields = np.empty(len(encoded), [("length", ">i4"), ("value", encoded.dtype)])
    fields["length"], fields["value"] = encoded.dtype.itemsize, encoded
    return _as_bytes(fields)


def _as_bytes(items: npt.NDArray[Any]) -> pa.Array:
    """Each item of an array as its bytes."""
    ends = np.arange(len(items) + 1, dtype=np.int32) * np.int32(items.itemsize)
    return pa.Array.from_buffers(pa.binary(), len(items), [None, pa.py_buffer(ends), pa.py_buffer(items)])


def _numeric(values: pa.Array) -> npt.NDArray[Any]:
    # Of the 128 bits of a decimal of 18 digits, the lower half says it all.
    halves = np.frombuffer(values.buffers()[1], "<i8").reshape(-1, 2)
    scaled = halves[values.offset : values.offset + len(values), 0]
    encoded = np.empty(len(scaled), _NUMERIC)
    encoded["digits"], encoded["weight"], encoded["scale"] = _DIGITS, _DIGITS - 2, 4
    encoded["sign"] = np.where(scaled < 0, _NEGATIVE, 0)
    left = np.abs(scaled)
    for place in reversed(range(_DIGITS)):
        left, encoded["digit"][:, place] = np.divmod(left, _BASE)
    return encoded


def _numbers(values: pa.Array, stored: pa.DataType) -> npt.NDArray[Any]:
    stored_values: npt.NDArray[Any] = values.view(stored).fill_null(0).to_numpy(zero_copy_only=False)
    return stored_values


_ENCODE: dict[pa.DataType, Encode] = {
    pa.bool_(): lambda values: values.cast(pa.uint8()).fill_null(0).to_numpy(zero_copy_only=False),
    pa.int64(): lambda values: _numbers(values, pa.int64()).astype(">i8"),
    pa.float64(): lambda values: _numbers(values, pa.float64()).astype(">f8"),
    pa.date32(): lambda values: (_numbers(values, pa.int32()) - _EPOCH_DAYS).astype(">i4"),
    INSTANT: lambda values: (_numbers(values, pa.int64()) - _EPOCH_MICROSECONDS).astype(">i8"),
    DECIMAL: _numeric,
}
