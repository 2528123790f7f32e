"""Goes through a faulty block row by row, leaving out the rows that are at fault and keeping all others.

A row with a quote out of place loses its first line and reading goes on at the next, so that one forgotten quote costs
one line and not the rest of the file.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loyalty.files.refusal import FileRefused, Reject, quoted

LONGEST_ROW = 2**20
NOT_UTF_8 = "is not written in UTF-8"
_UNBALANCED = "has a quote out of place: put the whole value in quotes and write each quote inside it twice"

# Possessive quantifiers keep these linear in the length of the row.
_CELL = rb'(?:"(?:[^"]++|"")*+"|[^",\r\n]*+)'
_LINE_END = rb"(?:\r\n|\n|\r(?=.))"
ROW = re.compile(_CELL + rb"(?:," + _CELL + rb")*+" + _LINE_END, re.DOTALL)
_UNFINISHED_ROW = re.compile(rb"(?:" + _CELL + rb',)*+(?:"(?:[^"]++|"")*+(?:"\r?)?|[^",\r\n]*+\r?)\Z', re.DOTALL)
_LINE = re.compile(rb"[^\r\n]*+" + _LINE_END, re.DOTALL)


@dataclass(frozen=True)
class Records:
    """Whole, well-formed rows: their bytes, the line on which each that is not blank begins, and the rows left out.

    `rest` is an unfinished row at the end, which begins on `next_line`.
    """

    content: bytes
    lines: npt.NDArray[np.int64]
    rejects: list[Reject]
    rest: bytes
    next_line: int


def mend(content: bytes, line: int, *, is_last: bool) -> Records:
    """The rows of a block that begins on `line`, faulty ones left out with a reason; refuses too long a line."""
    kept: list[bytes] = []
    lines: list[int] = []
    rejects: list[Reject] = []
    position = 0
    while position < len(content):
        end, fault = _next_row(content, position, is_last=is_last)
        if not end:
            break
        row = content[position:end]
        if fault:
            text = _as_text(row)
            rejects.append(Reject(line, "", quoted(text), fault, text))
        elif row not in (b"\n", b"\r", b"\r\n"):
            kept.append(row)
            lines.append(line)
        if len(row) > LONGEST_ROW:
            raise FileRefused(too_long(line))
        line += count_lines(row)
        position = end
    return Records(b"".join(kept), np.array(lines, np.int64), rejects, content[position:], line)


def count_lines(content: bytes) -> int:
    return content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")


def too_long(line: int) -> str:
    return (
        f"Line {line} is longer than {LONGEST_ROW // 2**20} MB, which no row is: check that the lines of the file end, "
        "and load it again."
    )


def _next_row(content: bytes, position: int, *, is_last: bool) -> tuple[int, str]:
    """Where the row that begins at `position` ends (0: not in this block), and what is wrong with it ("": nothing)."""
    row = ROW.match(content, position)
    if row and row.end() - position <= LONGEST_ROW:
        return row.end(), "" if is_utf_8(row[0]) else NOT_UTF_8
    may_go_on = not is_last and len(content) - position <= LONGEST_ROW
    if may_go_on and _UNFINISHED_ROW.match(content, position):
        return 0, ""
    first_line = _LINE.match(content, position)
    return (first_line.end(), _UNBALANCED) if first_line else (0, "")


def _as_text(row: bytes) -> str:
    """Bytes that are not UTF-8 are Windows-1252 nearly always."""
    return row.decode("utf-8" if is_utf_8(row) else "cp1252", errors="replace").rstrip("\r\n")


def is_utf_8(row: bytes) -> bool:
    if row.isascii():
        return True
    try:
        row.decode()
    except UnicodeDecodeError:
        return False
    return True
