"""Cuts the bytes of a CSV file into whole rows and says on which physical line each begins.

A row ends at a line feed, a carriage return, or both, outside quotes (RFC 4180). Where a block's rows seem to be its
lines, it is cut at the last of them, and whoever parses it sees by the number of rows whether they are. Other blocks
without a fault are cut by array arithmetic; one with a stray quote, or with bytes that are not UTF-8, is gone through
row by row (`mending`). All ways give the same rows, wherever the pieces of the file happen to end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from loyalty.files import mending
from loyalty.files.mending import LONGEST_ROW, Records, is_utf_8
from loyalty.files.refusal import FileRefused

_QUOTE, _FEED, _RETURN, _COMMA = b'"\n\r,'
_IS_BORDER = np.isin(np.arange(256), (_COMMA, _FEED, _RETURN, _QUOTE))

Block = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


class _Rows(NamedTuple):
    """Where in a block its lines and its rows end; the first `border` bytes hold whole rows only."""

    row_starts: Positions
    line_of_row: Positions
    lines: int
    border: int


@dataclass(frozen=True)
class Cut:
    """Whole rows from `line` on. Unless the `records` are known, each of its `lines` has one, or there are fewer."""

    content: bytes
    line: int
    lines: int
    records: Records | None = None

    def in_detail(self) -> Records:
        return self.records or _records(self.content, self.line)


def cut(pieces: Iterator[bytes], *, line: int) -> Iterator[Cut]:
    """The whole rows of each piece in turn; a row that a piece leaves unfinished goes on into the next.

    `line` is the physical line on which the first piece begins, counted from 1. Refuses a line over `LONGEST_ROW`.
    """
    rest = b""
    for piece in pieces:
        border = _border(rest, piece)
        if border:
            found = _lines(b"".join((rest, memoryview(piece)[:border])), line)
            rest = piece[border:]
        else:
            found = _by_records(_records(rest + piece, line), line)
            rest = found.records.rest if found.records else b""
        yield found
        line += found.lines
        if len(rest) > LONGEST_ROW:
            raise FileRefused(mending.too_long(line))
    if rest:
        yield _by_records(mending.mend(rest + b"\n", line, is_last=True), line)


def _by_records(records: Records, line: int) -> Cut:
    return Cut(records.content, line, records.next_line - line, records)


def _lines(content: bytes, line: int) -> Cut:
    return Cut(content, line, int(np.count_nonzero(np.frombuffer(content, np.uint8) == _FEED)))


def _border(rest: bytes, piece: bytes) -> int:
    """Where a piece's last line ends, if the rows may be just the lines; otherwise 0."""
    border = piece.rfind(b"\n") + 1
    may_be_lines = border and not _has_lone_returns(rest, piece) and not _may_hold_a_long_row(rest, piece)
    return border if may_be_lines and _are_closed(rest, piece, border) else 0


def _has_lone_returns(rest: bytes, piece: bytes) -> bool:
    if b"\r" not in piece and b"\r" not in rest:
        return False
    block = np.frombuffer(rest + piece, np.uint8)
    return bool(((block[:-1] == _RETURN) & (block[1:] != _FEED)).any())


def _may_hold_a_long_row(rest: bytes, piece: bytes) -> bool:
    """Whether there is no line end in a third of as many bytes as a row may have at most."""
    third = LONGEST_ROW // 3
    starts = range(0, len(piece) - third, third)
    return len(rest) > third or any(piece.find(b"\n", start, start + third) < 0 for start in starts)


def _are_closed(rest: bytes, piece: bytes, border: int) -> bool:
    """Whether all quotes are in their places, and none is open at the border."""
    if b'"' not in piece and b'"' not in rest:
        return True
    block = np.frombuffer(rest + piece, np.uint8)
    quotes = np.flatnonzero(block == _QUOTE)
    return int(np.searchsorted(quotes, len(rest) + border)) % 2 == 0 and _are_in_place(block, quotes)


def _records(content: bytes, line: int) -> Records:
    found = _find_rows(content)
    if found is None or not is_utf_8(content[: found.border]):
        return mending.mend(content, line, is_last=False)
    block = np.frombuffer(content, np.uint8)
    has_cells = ~np.isin(block[found.row_starts], (_FEED, _RETURN))
    return Records(
        content=content[: found.border],
        lines=line + found.line_of_row[has_cells],
        rejects=[],
        rest=content[found.border :],
        next_line=line + found.lines,
    )


def _find_rows(content: bytes) -> _Rows | None:
    """The rows of a block; None where a quote is out of place or a row is too long."""
    block = np.frombuffer(content, np.uint8)
    quotes = np.flatnonzero(block == _QUOTE) if b'"' in content else np.empty(0, np.int64)
    if not _are_in_place(block, quotes):
        return None
    line_ends = _line_ends(block, has_returns=b"\r" in content)
    row_ends = np.flatnonzero(np.searchsorted(quotes, line_ends) % 2 == 0)
    if not len(row_ends):
        return None if len(content) > LONGEST_ROW else _Rows(row_ends, row_ends, lines=0, border=0)
    borders = np.concatenate(([0], line_ends[row_ends] + 1))
    if np.diff(borders, append=len(content)).max() > LONGEST_ROW:
        return None
    line_of_row = np.concatenate(([0], row_ends[:-1] + 1))
    return _Rows(borders[:-1], line_of_row, lines=int(row_ends[-1]) + 1, border=int(borders[-1]))


def _are_in_place(block: Block, quotes: Positions) -> bool:
    """Whether each quote that opens a value follows a border, and each that closes one is followed by one."""
    opening, closing = quotes[::2], quotes[1::2]
    before = block[opening[1:] - 1 if len(opening) and opening[0] == 0 else opening - 1]
    after = block[closing[:-1] + 1 if len(closing) and closing[-1] == len(block) - 1 else closing + 1]
    return bool(_IS_BORDER[before].all() and _IS_BORDER[after].all())


def _line_ends(block: Block, *, has_returns: bool) -> Positions:
    """Positions of the last byte of each line; a return at the very end may be half of a pair, so it waits."""
    feeds = np.flatnonzero(block == _FEED)
    if not has_returns:
        return feeds
    returns = np.flatnonzero(block[:-1] == _RETURN)
    alone = returns[block[returns + 1] != _FEED]
    return np.sort(np.concatenate((feeds, alone))) if len(alone) else feeds
