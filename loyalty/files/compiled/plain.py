"""Blocks of plain rows, typed by compiled loops; a cell of which those are not sure is read as in any other block."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.files.columns import LONGEST_REFERENCE, LONGEST_TEXT, convert_column
from loyalty.files.compiled import reading
from loyalty.files.compiled.borders import count_line_ends, find_borders
from loyalty.files.compiled.reading import Found, Layout, read_columns
from loyalty.files.compiled.texts import KNOWN, UNSURE
from loyalty.files.compiled.words import SIZE, WIDTH
from loyalty.files.decimals import DECIMAL
from loyalty.files.delimited import Part
from loyalty.files.kinds import Column, Type
from loyalty.files.mending import is_utf_8
from loyalty.files.parsing import Converted
from loyalty.files.refusal import Reject
from loyalty.files.returned import MARKS
from loyalty.files.times import INSTANT, LOCAL, in_zone

Rows = npt.NDArray[np.int64]

_WAYS: dict[Type, int] = {
    "money": reading.DECIMAL,
    "quantity": reading.DECIMAL,
    "time": reading.MOMENT,
    "reference": reading.TEXT,
    "text": reading.TEXT,
    "choice": reading.CHOICE,
}
_TEXTS = (reading.TEXT, reading.CHOICE)


@dataclass(frozen=True)
class PlainBlock:
    """Rows that each are a line of the file: where the cells lie (see `compiled.borders`), and what is in them."""

    columns: list[Column]
    content: npt.NDArray[np.uint8]
    borders: npt.NDArray[np.int32]
    cut: int
    layout: Layout
    found: Found
    lines: Rows
    rejects: list[Reject]
    done: int
    size: int

    def __len__(self) -> int:
        return len(self.lines)

    def converted(self, column: Column, *, time_zone: str) -> Converted:
        """The column in its type, and its faults (see `columns`)."""
        place = self.columns.index(column)
        if not self.found.counts[place, 1]:
            return Converted(self._sure(place, time_zone), {})
        is_unsure = self.found.states[place] == UNSURE
        rows = np.flatnonzero(is_unsure)
        read, faults = convert_column(self._texts(place, rows), column, time_zone=time_zone)
        if len(rows) < len(self):
            read = pc.replace_with_mask(self._sure(place, time_zone), pa.array(is_unsure), read)
        return Converted(read, {int(rows[row]): reason for row, reason in faults.items()})

    def text(self, row: int, column: Column) -> str:
        """What stands in a cell."""
        return self._texts(self.columns.index(column), np.array([row]))[0].as_py() or ""

    def _sure(self, place: int, time_zone: str) -> pa.Array:
        """The column's values; those of cells that are not sure mean nothing."""
        way, slot, rows, found = self.layout.ways[place], self.layout.slots[place], len(self), self.found
        if way == reading.DECIMAL:
            return pa.Array.from_buffers(DECIMAL, rows, [self._known(place), pa.py_buffer(found.halves[slot])])
        if way == reading.MOMENT:
            moments = _instants(found.moments[slot], found.stated[slot], time_zone)
            return pa.Array.from_buffers(INSTANT, rows, [self._known(place), pa.py_buffer(moments)])
        copied = found.copied[found.begins[slot] : found.begins[slot + 1]]
        offsets = pa.py_buffer(found.offsets[slot])
        return pa.StringArray.from_buffers(rows, offsets, pa.py_buffer(copied), self._known(place))

    def _known(self, place: int) -> pa.Buffer | None:
        """Which cells are neither blank nor unsure, as bits; None if all are."""
        if not self.found.counts[place].any():
            return None
        return pa.py_buffer(np.packbits(self.found.states[place] == KNOWN, bitorder="little"))

    def _texts(self, place: int, rows: Rows) -> pa.Array:
        """What stands in cells of a column, null where nothing does."""
        step = len(self.columns)
        borders, cut = rows * step + place, self.cut if place == step - 1 else 0
        starts, stops = self.borders[borders] + 1, self.borders[borders + 1] - cut
        content = self.content.data
        cells = [
            bytes(content[start:stop]) or None for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]
        return pa.array(cells, pa.binary()).cast(pa.string())


def plain_block(part: Part) -> PlainBlock | None:
    """The rows of a part of a file, if they are plain; a file of rejected rows is not (see `returned`)."""
    cut, step = part.cut, len(part.columns)
    if cut.records or not cut.lines or any(column.name in MARKS for column in part.columns):
        return None
    content, borders = np.frombuffer(cut.content, np.uint8), np.empty(cut.lines * step + 1 + WIDTH, np.int32)
    number, is_odd = find_borders(content, borders)
    if number != cut.lines * step + 1 or is_odd or not is_utf_8(cut.content):
        return None
    borders = borders[:-WIDTH]
    feeds, returns = count_line_ends(content, borders, step)
    if feeds != cut.lines or returns not in (0, feeds):
        return None
    if step == 1 and (np.diff(borders) <= 1 + bool(returns)).any():  # an empty line is no row
        return None
    layout = _layout(part.columns)
    found = _room(layout, rows=cut.lines, size=len(content))
    read_columns(content, borders, int(returns > 0), layout, found)
    lines = np.arange(cut.line, cut.line + cut.lines)
    return PlainBlock(part.columns, content, borders, int(returns > 0), layout, found, lines, [], part.done, part.size)


def _layout(columns: list[Column]) -> Layout:
    taken: Counter[bool | int] = Counter()
    ways, slots = np.empty(len(columns), np.int8), np.empty(len(columns), np.int64)
    keys = np.zeros((len(columns), max(len(column.choices) for column in columns) or 1), np.uint64)
    for place, column in enumerate(columns):
        ways[place] = way = _WAYS.get(column.type, reading.OTHER)
        same = reading.TEXT if way in _TEXTS else way
        slots[place] = taken[same]
        taken[same] += 1
        words = [choice.encode() for choice in column.choices if column.type == "choice"]
        short = [int.from_bytes(word, "little") for word in words if len(word) <= SIZE]
        keys[place, : len(short)] = short
    trimmed = np.array([column.type == "text" for column in columns])
    return Layout(ways, slots, np.where(trimmed, LONGEST_TEXT, LONGEST_REFERENCE), trimmed, keys)


def _room(layout: Layout, *, rows: int, size: int) -> Found:
    decimals, moments = (int((layout.ways == way).sum()) for way in (reading.DECIMAL, reading.MOMENT))
    texts = int(np.isin(layout.ways, _TEXTS).sum())
    return Found(
        states=np.empty((len(layout.ways), rows), np.uint8),
        counts=np.zeros((len(layout.ways), 2), np.int64),
        halves=np.empty((decimals, rows, 2), np.int64),
        moments=np.empty((moments, rows), np.int64),
        stated=np.empty((moments, rows), np.bool_),
        offsets=np.empty((texts, rows + 1), np.int32),
        copied=np.empty(size + 2 * SIZE, np.uint8),
        begins=np.zeros(texts + 1, np.int64),
    )


def _instants(shown: npt.NDArray[np.int64], stated: npt.NDArray[np.bool_], time_zone: str) -> npt.NDArray[np.int64]:
    """Moments in UTC, of which those not stated so are of the time zone."""
    instants: npt.NDArray[np.int64] = in_zone(pa.array(shown).view(LOCAL), time_zone).view(pa.int64()).to_numpy()
    return np.where(stated, shown, instants) if stated.any() else instants
