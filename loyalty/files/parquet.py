"""Parquet files → blocks of text columns: each value as a CSV file would have it, so that one set of rules holds."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from loyalty.files import header
from loyalty.files.blocks import Reading, TextBlock
from loyalty.files.kinds import Column, Kind, Type
from loyalty.files.mending import NOT_UTF_8, is_utf_8
from loyalty.files.refusal import FileRefused, Reject, quoted

ROWS = 32_768
LARGEST_GROUP = 2**31
LARGEST_BLOCK = 2**28

_DAMAGED = "The Parquet file is cut short or damaged, and nothing of it was loaded: write it again and load it again."
_NUMERIC: frozenset[Type] = frozenset({"integer", "number", "quantity", "money", "attribute"})
_TIMED: frozenset[Type] = frozenset({"date", "time", "attribute"})
_SWITCHED: frozenset[Type] = frozenset({"flag", "attribute"})


def readings(path: Path, kind: Kind) -> Iterator[Reading]:
    """The rows of a Parquet file as text, `ROWS` at a time; refuses columns that do not fit the kind or its types."""
    with _damage_refused():
        yield from _readings(path, kind)


def _readings(path: Path, kind: Kind) -> Iterator[Reading]:
    schema = pq.read_schema(path)
    columns = header.columns(schema.names, kind)
    for column, field in zip(columns, schema, strict=True):
        _refuse_type(column, field.type)
    texts = [field.name for field in schema if _is_text(field.type)]
    # Texts stay coded until their size is known: a small file can hold a long text a million times over.
    with pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False, buffer_size=2**20) as file:
        _refuse_large_groups(file.metadata)
        first, size, total = 1, path.stat().st_size, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(ROWS, use_threads=False):
            done = size * (first - 1 + batch.num_rows) // total
            yield partial(_as_text, batch, columns, first=first, done=done, size=size)
            first += batch.num_rows
        if first - 1 != file.metadata.num_rows:
            raise FileRefused(_DAMAGED)


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise FileRefused(_DAMAGED) from None


@_damage_refused()
def _as_text(batch: pa.RecordBatch, columns: list[Column], *, first: int, done: int, size: int) -> TextBlock:
    texts = {column.name: _texts(values, column) for column, values in zip(columns, batch.columns, strict=True)}
    lines = np.arange(first, first + batch.num_rows)
    rejects: dict[int, Reject] = {}
    for name, values in texts.items():
        for row, bytes_ in _not_utf_8(values):
            line = int(lines[row])
            value = quoted(bytes_.decode(errors="replace"))
            rejects.setdefault(row, Reject(line, name, value, NOT_UTF_8, _text(texts, row)))
    is_readable = np.ones(batch.num_rows, bool)
    is_readable[list(rejects)] = False
    cells = pa.table(texts).filter(pa.array(is_readable)).cast(pa.schema([(name, pa.string()) for name in texts]))
    return TextBlock(columns, cells, lines[is_readable], sorted(rejects.values()), done=done, size=size)


def _text(texts: dict[str, pa.Array], row: int) -> str:
    """A row as a CSV file would have it; bytes that are not UTF-8 are Windows-1252 nearly always."""
    cells = [values[row].as_py() for values in texts.values()]
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(
        cell.decode("utf-8" if is_utf_8(cell) else "cp1252", errors="replace") if isinstance(cell, bytes) else cell
        for cell in cells
    )
    return line.getvalue()


def _texts(values: pa.Array, column: Column) -> pa.Array:
    """The values as text, still in bytes where they are text already, for these may not be UTF-8."""
    if pt.is_dictionary(values.type):
        _refuse_large_texts(values, column)
        values = values.dictionary_decode()
    if _is_text(values.type):
        return _unless_empty(values.cast(pa.binary()))
    if pt.is_floating(values.type) and column.type == "attribute":
        values = pc.if_else(pc.is_finite(values), values, pa.scalar(None, values.type))
    if pt.is_timestamp(values.type) and values.type.unit == "ns":
        values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
    return values.cast(pa.string())


def _unless_empty(texts: pa.Array) -> pa.Array:
    is_empty = pc.equal(pc.binary_length(texts), 0)
    return pc.if_else(is_empty, pa.scalar(None, pa.binary()), texts) if is_empty.true_count else texts


def _not_utf_8(values: pa.Array) -> Iterator[tuple[int, bytes]]:
    if not pt.is_binary(values.type):
        return
    try:
        values.cast(pa.string())
    except pa.ArrowInvalid:
        for row, bytes_ in enumerate(values.to_pylist()):
            if bytes_ is not None and not is_utf_8(bytes_):
                yield row, bytes_


def _refuse_type(column: Column, type: pa.DataType) -> None:  # noqa: A002 - the word of this module
    inner = type.value_type if pt.is_dictionary(type) else type
    if pt.is_nested(inner):
        raise FileRefused(f"Column “{column.name}” is nested: write each row's value as one number or text.")
    if pt.is_floating(inner) and column.type not in _NUMERIC:
        raise FileRefused(
            f"Column “{column.name}” holds floating-point numbers, which do not keep a {column.type} as it "
            "was written: write it as text."
        )
    is_taken = (
        _is_text(inner)
        or pt.is_null(inner)
        or pt.is_integer(inner)
        or ((pt.is_floating(inner) or pt.is_decimal(inner)) and column.type in _NUMERIC)
        or ((pt.is_date(inner) or pt.is_timestamp(inner)) and column.type in _TIMED)
        or (pt.is_boolean(inner) and column.type in _SWITCHED)
    )
    if not is_taken:
        raise FileRefused(f"Column “{column.name}” is of type {inner}, and needs a {column.type}: write it as text.")


def _is_text(type: pa.DataType) -> bool:  # noqa: A002
    return any(
        holds(type)
        for holds in (
            pt.is_string, pt.is_large_string, pt.is_string_view,
            pt.is_binary, pt.is_large_binary, pt.is_binary_view, pt.is_fixed_size_binary,
        )
    )  # fmt: skip


def _refuse_large_groups(metadata: pq.FileMetaData) -> None:
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        if group.total_byte_size > LARGEST_GROUP:
            raise FileRefused(
                f"The file has a row group of more than {LARGEST_GROUP // 2**30} GB: write it with row groups of at "
                "most a million rows."
            )


def _refuse_large_texts(values: pa.DictionaryArray, column: Column) -> None:
    if not _is_text(values.dictionary.type):
        return
    unpacked = pc.sum(pc.binary_length(values.dictionary).take(values.indices)).as_py() or 0
    if unpacked > LARGEST_BLOCK:
        raise FileRefused(
            f"Column “{column.name}” holds texts of {unpacked // len(values):,} bytes on average, which no cell needs: "
            "check what was written there."
        )
