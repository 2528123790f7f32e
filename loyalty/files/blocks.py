"""The pieces in which a file is read: first as text, then typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loyalty.files.columns import convert_column
from loyalty.files.kinds import Column
from loyalty.files.parsing import Converted
from loyalty.files.refusal import Reject


@dataclass(frozen=True)
class TextBlock:
    """Rows as they stand in the file: `cells` has one text column per column of the file, null where a cell is empty.

    `lines` has the physical line of each row of `cells` (for Parquet: the row, counted from 1), `rejects` the rows that
    fit no table. `done` of `size` bytes of the file were read so far.
    """

    columns: list[Column]
    cells: pa.Table
    lines: npt.NDArray[np.int64]
    rejects: list[Reject]
    done: int
    size: int

    def __len__(self) -> int:
        return len(self.lines) + len(self.rejects)

    def converted(self, column: Column, *, time_zone: str) -> Converted:
        """The column in its type, and what is wrong with its cells; `time_zone` is that of times that state none."""
        return convert_column(_one_array(self.cells[column.name]), column, time_zone=time_zone)

    def text(self, row: int, column: Column) -> str:
        """What stands in a cell."""
        return self.cells[column.name][row].as_py() or ""


class Rows(Protocol):
    """Rows that are still to be typed: a `TextBlock`, or what has the same to say of its rows."""

    @property
    def columns(self) -> list[Column]: ...
    @property
    def lines(self) -> npt.NDArray[np.int64]: ...
    @property
    def rejects(self) -> list[Reject]: ...
    @property
    def done(self) -> int: ...
    @property
    def size(self) -> int: ...

    def converted(self, column: Column, *, time_zone: str) -> Converted: ...
    def text(self, row: int, column: Column) -> str: ...


# A block that is cut out of the file already and is parsed when called, on whatever thread.
Reading = Callable[[], TextBlock]


@dataclass(frozen=True)
class Block:
    """Typed rows without a fault, and the rejected ones: one reject per row, in the order of the file.

    `table` has the file's columns, each in its type (see `columns`), and `line`; `attr_…` columns become one JSON
    object per row, `attributes`. `done` of `size` bytes of the file were read so far.

    `left_out` has the same columns of rejected rows that fit the table, as far as they can be read, and `unread` says
    by column in how many of these they cannot.
    """

    table: pa.Table
    rejects: list[Reject]
    done: int
    size: int
    left_out: pa.Table | None = None
    unread: Mapping[str, int] = field(default_factory=dict)

    @property
    def unplaced(self) -> int:
        """Rejected rows that fit no table, of which no cell can be read."""
        return len(self.rejects) - (self.left_out.num_rows if self.left_out else 0)

    def __len__(self) -> int:
        return int(self.table.num_rows) + len(self.rejects)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    """The same without copying what is in one piece already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
