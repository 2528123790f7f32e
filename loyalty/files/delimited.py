"""CSV files → blocks of text columns, with the line of each row and the rows that have no place in the table."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

import numpy as np
import pyarrow as pa
from pyarrow import csv

from loyalty.files import header, records
from loyalty.files.blocks import Reading, TextBlock
from loyalty.files.kinds import Column, Kind
from loyalty.files.mending import NOT_UTF_8, Records
from loyalty.files.refusal import FileRefused, Reject, quoted
from loyalty.files.source import Text

# More rows than that in the first block are not bytes gone astray here and there: the file is in another encoding.
MOST_ASTRAY = 0.01


def readings(source: Text, kind: Kind) -> Iterator[Reading]:
    """The rows of a CSV file as text, a few megabytes at a time; refuses a header that does not fit the kind."""
    pieces = source.pieces()
    names, rest, line = header.split(next(pieces, b""))
    columns = header.columns(names, kind)
    for number, found in enumerate(records.cut(chain([rest], pieces), line=line)):
        if number == 0:
            _refuse_other_encoding(found)
        if len(found.lines) or found.rejects:
            yield partial(_parsed, found, columns, done=source.position, size=source.size)


def _parsed(found: Records, columns: list[Column], *, done: int, size: int) -> TextBlock:
    """pyarrow leaves out rows with too many or too few cells, and says which those were."""
    ragged: list[csv.InvalidRow] = []
    cells = _read(found.content, [column.name for column in columns], ragged.append)
    has_place = np.ones(len(found.lines), bool)
    has_place[[row.number - 1 for row in ragged]] = False
    rejects = [_ragged(row, int(found.lines[row.number - 1])) for row in ragged]
    return TextBlock(
        columns=columns,
        cells=cells,
        lines=found.lines[has_place],
        rejects=sorted(found.rejects + rejects),
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
    return Reject(line, "", quoted(row.text), reason)


def _refuse_other_encoding(found: Records) -> None:
    astray = [reject for reject in found.rejects if reject.reason == NOT_UTF_8]
    if len(astray) > MOST_ASTRAY * (len(found.lines) + len(found.rejects)):
        raise FileRefused(
            f"The file is not written in UTF-8 (the first such line is {astray[0].line}; Windows-1252 is the usual "
            "reason): save it as “CSV UTF-8” and load it again."
        )
