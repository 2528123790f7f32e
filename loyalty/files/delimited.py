"""CSV files → blocks of text columns, with the line of each row and the rows that have no place in the table."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pyarrow as pa
from pyarrow import csv

from loyalty.files import header, records
from loyalty.files.blocks import Reading, TextBlock
from loyalty.files.kinds import Column, Kind
from loyalty.files.mending import NOT_UTF_8, is_utf_8
from loyalty.files.records import Cut
from loyalty.files.refusal import FileRefused, Reject, quoted
from loyalty.files.source import Text

# More rows than that in the first block are not bytes gone astray here and there: the file is in another encoding.
MOST_ASTRAY = 0.01


@dataclass(frozen=True)
class Part:
    """Whole rows of a file, not parsed yet."""

    cut: Cut
    columns: list[Column]
    is_first: bool
    done: int
    size: int

    def text(self) -> TextBlock:
        return _parsed(self.cut, self.columns, is_first=self.is_first, done=self.done, size=self.size)


def readings(source: Text, kind: Kind) -> Iterator[Reading]:
    """The rows of a CSV file as text, a few megabytes at a time; refuses a header that does not fit the kind."""
    return (part.text for part in parts(source, kind))


def parts(source: Text, kind: Kind) -> Iterator[Part]:
    """The rows of a CSV file, a few megabytes at a time; refuses a header that does not fit the kind."""
    pieces = source.pieces()
    names, rest, line = header.split(next(pieces, b""))
    columns = header.columns(names, kind)
    for number, found in enumerate(records.cut(chain([rest], pieces), line=line)):
        if found.content.lstrip(b"\r\n") or (found.records and found.records.rejects):
            yield Part(found, columns, is_first=number == 0, done=source.position, size=source.size)


def _parsed(cut: Cut, columns: list[Column], *, is_first: bool, done: int, size: int) -> TextBlock:
    """pyarrow leaves out rows with too many or too few cells, and says which those were."""
    if not cut.records and not is_utf_8(cut.content):
        cut = replace(cut, records=cut.in_detail())
    content, rejects = (cut.records.content, cut.records.rejects) if cut.records else (cut.content, [])
    if is_first:
        _refuse_other_encoding(rejects, rows=cut.lines)
    ragged: list[csv.InvalidRow] = []
    cells = _read(content, [column.name for column in columns], ragged.append)
    if not cut.records and len(cells) + len(ragged) != cut.lines:
        return _parsed(replace(cut, records=cut.in_detail()), columns, is_first=False, done=done, size=size)
    lines = cut.records.lines if cut.records else np.arange(cut.line, cut.line + cut.lines)
    has_place = np.ones(len(lines), bool)
    has_place[[row.number - 1 for row in ragged]] = False
    return TextBlock(
        columns=columns,
        cells=cells,
        lines=lines[has_place],
        rejects=sorted(rejects + [_ragged(row, int(lines[row.number - 1])) for row in ragged]),
        done=done,
        size=size,
    )


def _read(content: bytes, names: list[str], leave_out: Callable[[csv.InvalidRow], None]) -> pa.Table:
    if not content:
        return pa.table({name: pa.array([], pa.string()) for name in names})

    def skip(row: csv.InvalidRow) -> str:
        leave_out(row)
        return "skip"

    # pyarrow drops a byte order mark wherever a block begins; with one of ours there, it drops no row's own.
    if content.startswith(BOM_UTF8):
        content = BOM_UTF8 + content
    return csv.read_csv(
        pa.BufferReader(content),
        # Rows are numbered only when one thread reads one block.
        read_options=csv.ReadOptions(column_names=names, block_size=len(content) + 1, use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    ).combine_chunks()


def _ragged(row: csv.InvalidRow, line: int) -> Reject:
    reason = f"has {row.actual_columns} cells where the first line names {row.expected_columns} columns"
    return Reject(line, "", quoted(row.text), reason, row.text)


def _refuse_other_encoding(rejects: list[Reject], *, rows: int) -> None:
    astray = [reject for reject in rejects if reject.reason == NOT_UTF_8]
    if len(astray) > MOST_ASTRAY * rows:
        raise FileRefused(
            f"The file is not written in UTF-8 (the first such line is {astray[0].line}; Windows-1252 is the usual "
            "reason): save it as “CSV UTF-8” and load it again."
        )
