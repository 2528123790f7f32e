"""The first rows of a file as they are written, typed where they can be, and what is wrong with the others."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.files.conversion import convert
from loyalty.files.kinds import Kind
from loyalty.files.reader import readings
from loyalty.files.refusal import Reject


@dataclass(frozen=True)
class Preview:
    """`cells` has the text of each column by line, and only of rows that have the header's number of cells.

    `table` holds the rows without a fault, in their types, and `rejects` the others.
    """

    columns: tuple[str, ...]
    cells: dict[int, tuple[str, ...]]
    table: pa.Table | None
    rejects: dict[int, Reject]

    @property
    def lines(self) -> list[int]:
        return sorted(self.cells.keys() | self.rejects.keys())


def preview(path: Path, kind: Kind, *, time_zone: str, rows: int) -> Preview:
    """The first `rows` rows of a file; raises FileRefused for one that cannot be read so far."""
    reading = next(readings(path, kind), None)
    if reading is None:
        return Preview((), {}, None, {})
    text = reading()
    typed = convert(text, time_zone=time_zone)
    lines = sorted([*text.lines.tolist(), *(reject.line for reject in text.rejects)])[:rows]
    last = lines[-1] if lines else 0
    shown = text.cells.slice(0, int((text.lines <= last).sum()))
    return Preview(
        columns=tuple(shown.column_names),
        cells={
            int(line): tuple(cell or "" for cell in row.values())
            for line, row in zip(text.lines, shown.to_pylist(), strict=False)
        },
        table=typed.table.filter(pc.less_equal(typed.table["line"], last)),
        rejects={reject.line: reject for reject in typed.rejects if reject.line <= last},
    )
