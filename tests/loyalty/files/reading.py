"""Small files for tests, and a slow obvious reader to compare with."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loyalty.files import cells, reader
from loyalty.files.kinds import KINDS, Column, Kind
from loyalty.files.refusal import Reject

BERLIN = "Europe/Berlin"
PURCHASES = "line_ref,basket_ref,purchased_at,quantity,net_amount"
READ: dict[str, Callable[[str], Any]] = {
    "quantity": cells.read_decimal,
    "money": cells.read_decimal,
    "number": cells.read_number,
    "time": cells.read_time,
    "integer": cells.read_integer,
}


def read(path: Path, kind: str, *, time_zone: str = BERLIN) -> tuple[list[dict[str, Any]], list[Reject]]:
    """All good rows and all rejects of a file."""
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for block in reader.blocks(path, KINDS[kind], time_zone=time_zone):
        rows += block.table.to_pylist()
        rejects += block.rejects
    return rows, rejects


def slow_read(text: str, kind: Kind) -> tuple[list[int], list[int]]:
    """Lines of good and of rejected rows of well-quoted CSV, by the csv module and one cell at a time."""
    rows = csv.reader(io.StringIO(text, newline=""))
    columns = [kind.column(name) for name in next(rows)]
    good, rejected, line = [], [], rows.line_num
    for row in rows:
        if row:
            (good if is_good(row, columns) else rejected).append(line + 1)
        line = rows.line_num
    return good, rejected


def is_good(row: list[str], columns: list[Column | None]) -> bool:
    return len(row) == len(columns) and all(map(_is_good_cell, row, columns))


def _is_good_cell(cell: str, column: Column | None) -> bool:
    assert column
    if not cell.strip():
        return not (column.required and (not cell or column.type in ("reference", "text")))
    try:
        READ.get(column.type, str)(cell)
    except ValueError:
        return False
    return "\0" not in cell and (not column.choices or cell in column.choices)
