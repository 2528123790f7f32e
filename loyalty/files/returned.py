"""Files of rejected rows that come back mended: what was added for the reader is taken off again.

Such a file has the columns of its rows and `MARKS`. These tell it from a retailer's own file, in which an apostrophe
before a formula's beginning may be meant: only in a file with marks is it taken for the one that was put there.
"""

from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.files.blocks import TextBlock
from loyalty.files.refusal import Reject, quoted

LINE, COLUMN, REASON, TEXT = MARKS = ("reject_line", "reject_column", "reject_reason", "reject_text")
# What spreadsheets take for the beginning of a formula, the full-width forms included (CWE-1236).
FORMULA_BEGINNINGS = "=+\\-@\t\r\0＝＋－＠"
STILL_TEXT = f"has its cells in {TEXT} only: put each into its column"

_PUT_THERE = f"^'('*[{FORMULA_BEGINNINGS}])".replace("\0", "\\x00")


def own(block: TextBlock) -> TextBlock:
    """The rows as their file has them; one that still fits no table stays a reject with its text."""
    if not any(column.name in MARKS for column in block.columns):
        return block
    columns = [column for column in block.columns if column.name not in MARKS]
    cells = pa.table({column.name: _restored(block.cells[column.name]) for column in columns})
    texts = _restored(block.cells[TEXT]) if TEXT in block.cells.column_names else pa.nulls(len(cells), pa.string())
    is_text = np.asarray(pc.and_(reduce(pc.and_, map(pc.is_null, cells.columns)), pc.is_valid(texts)))
    unplaced = [_unplaced(block, texts, row) for row in np.flatnonzero(is_text).tolist()]
    return TextBlock(
        columns=columns,
        cells=cells.filter(pa.array(~is_text)),
        lines=block.lines[~is_text],
        rejects=sorted(block.rejects + unplaced),
        done=block.done,
        size=block.size,
    )


def _restored(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(texts, _PUT_THERE, r"\1")


def _unplaced(block: TextBlock, texts: pa.ChunkedArray, row: int) -> Reject:
    text = texts[row].as_py()
    return Reject(int(block.lines[row]), "", quoted(text), STILL_TEXT, text)
