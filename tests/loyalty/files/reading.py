"""Small files for tests, and a slow obvious reader to compare with."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loyalty.files import cells, delimited, reader
from loyalty.files.conversion import convert
from loyalty.files.kinds import KINDS, Column
from loyalty.files.refusal import Reject
from loyalty.files.source import Text

BERLIN = "Europe/Berlin"
PURCHASES = "line_ref,basket_ref,purchased_at,quantity,net_amount"


def read(path: Path, kind: str, *, time_zone: str = BERLIN) -> tuple[list[dict[str, Any]], list[Reject]]:
    """All good rows and all rejects of a file."""
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for block in reader.blocks(path, KINDS[kind], time_zone=time_zone):
        rows += block.table.to_pylist()
        rejects += block.rejects
    return rows, rejects


def read_bytes(content: bytes, kind: str) -> tuple[list[int], list[int]]:
    """Lines of the good and of the rejected rows of a CSV file, read without a file and without threads."""
    source = Text(io.BytesIO(content), size=len(content), packed=False)
    found = [convert(reading(), time_zone=BERLIN) for reading in delimited.readings(source, KINDS[kind])]
    good = [line for block in found for line in block.table["line"].to_pylist()]
    return good, [reject.line for block in found for reject in block.rejects]


def slow_read(text: str, kind: str) -> tuple[list[int], list[int]]:
    """The same for well-quoted CSV, by the csv module and one cell at a time."""
    rows = csv.reader(io.StringIO(text, newline=""))
    columns = [KINDS[kind].column(name) for name in next(rows)]
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
    if not cell or (column.type == "reference" and cell.isspace()):
        return not column.required
    try:
        READ.get(column.type, str)(cell)
    except ValueError:
        return False
    return "\0" not in cell and (not column.choices or cell in column.choices)


def _moment(cell: str) -> None:
    if not 1900 <= cells.read_time(cell).year <= 2099:
        raise ValueError


READ: dict[str, Callable[[str], object]] = {
    "quantity": cells.read_decimal,
    "money": cells.read_decimal,
    "time": _moment,
}
