"""Events as a machine sends them, read by the rules of the events file; only what JSON adds to those is told here."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from loyalty.files.blocks import Block, TextBlock
from loyalty.files.cells import TIME, read_time
from loyalty.files.conversion import convert
from loyalty.files.kinds import Column, Kind
from loyalty.files.refusal import Reject

NOT_AN_OBJECT = "is not an object with the fields of an event"
NO_ZONE = f"does not state its time zone: write it in the form {TIME}±hh:mm, or with a Z at the end if it is UTC"

Cells = dict[str, str | None]


def read(rows: Sequence[object], kind: Kind) -> Block:
    """The rows typed as those of a file of that kind; the `line` of a row and of a reject is its place, from 0."""
    cells: list[tuple[int, Cells]] = []
    rejects: list[Reject] = []
    for place, row in enumerate(rows):
        try:
            cells.append((place, _cells(row, kind)))
        except _Fault as fault:
            rejects.append(Reject(place, fault.field, "", fault.reason))
    return convert(_block(cells, rejects, kind), time_zone="UTC")


class _Fault(Exception):  # noqa: N818 - an answer to the sender
    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason


def _cells(row: object, kind: Kind) -> Cells:
    if not isinstance(row, dict):
        raise _Fault("", NOT_AN_OBJECT)
    names = [column.name for column in kind.columns]
    if unknown := [name for name in row if name not in names]:
        raise _Fault(in_ascii(unknown[0]), f"is not a field of an event: send {', '.join(names)}")
    return {column.name: _cell(row.get(column.name), column) for column in kind.columns}


def _cell(value: Any, column: Column) -> str | None:
    """The value as it would stand in a file."""
    if value is None:
        return None
    if column.type == "number":
        return _number(value, column.name)
    if not isinstance(value, str):
        raise _Fault(column.name, "must be text: put it in quotes, so that no digit of it is lost")
    if not _is_whole(value):
        raise _Fault(column.name, "holds half of a character: send the text as UTF-8")
    if column.type == "time" and _lacks_zone(value):
        raise _Fault(column.name, NO_ZONE)
    return value or None


def _number(value: Any, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Fault(name, "must be a number, without quotes")
    return repr(value)


def in_ascii(text: str) -> str:
    """Text that can be sent back and stored whatever stands in it."""
    return text[:100].encode("ascii", "backslashreplace").decode().replace("\0", "\\x00")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _lacks_zone(text: str) -> bool:
    try:
        return read_time(text).tzinfo is None
    except ValueError:
        return False  # its form is at fault, which is told elsewhere


def _block(cells: list[tuple[int, Cells]], rejects: list[Reject], kind: Kind) -> TextBlock:
    columns = {column.name: pa.array([row[column.name] for _, row in cells], pa.string()) for column in kind.columns}
    lines = np.array([place for place, _ in cells], dtype=np.int64)
    return TextBlock(list(kind.columns), pa.table(columns), lines, rejects, done=0, size=0)
