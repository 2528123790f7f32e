"""Where the cells of plain rows lie: rows without quotes, each a line, with as many cells as there are columns."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import uint64

from loyalty.files.compiled.loops import compiled, inlined
from loyalty.files.compiled.words import WIDTH, Bytes, count_bits, equal, first_bit

_FEED, _RETURN, _QUOTE, _COMMA = 10, 13, 34, 44
_USUAL = 8  # borders in 64 bytes: so many are written without asking how many there are


Borders = npt.NDArray[np.int32]


class Cells(NamedTuple):
    """One column: of the `step` cells of each row that at `place`, between two of the `borders` in `content`.

    `content` (b,) uint8, `borders` (rows * step + 1,) int32; `cut` bytes before its second border are not the cell's.
    """

    content: Bytes
    borders: Borders
    place: int
    step: int
    cut: int


@inlined
def ends(cells: Cells, row: int) -> tuple[int, int]:
    """Where a row's cell begins, and how long it is."""
    border = row * cells.step + cells.place
    start = cells.borders[border] + 1
    return start, cells.borders[border + 1] - cells.cut - start


@compiled
def find_borders(content: Bytes, borders: Borders) -> tuple[int, bool]:
    """Puts the positions of all commas and feeds into `borders` (n,) int32, of which the first is -1.

    Returns how many there are, the first one included (more than n - 64, if they may not fit), and whether there are
    quotes or NUL bytes.
    """
    borders[0] = -1
    found, room, odd = 1, len(borders) - WIDTH, uint64(0)
    at = 0
    while at + WIDTH <= len(content) and found <= room:
        bits = equal(content, at, _COMMA) | equal(content, at, _FEED)
        odd |= equal(content, at, _QUOTE) | equal(content, at, 0)
        number = count_bits(bits)
        for place in range(_USUAL):
            borders[found + place] = at + first_bit(bits)
            bits &= bits - uint64(1)
        for place in range(_USUAL, number):
            borders[found + place] = at + first_bit(bits)
            bits &= bits - uint64(1)
        found += number
        at += WIDTH
    while at < len(content) and found < len(borders):
        byte = content[at]
        odd |= uint64(byte == _QUOTE or byte == 0)
        borders[found] = at
        found += byte in (_COMMA, _FEED)
        at += 1
    return found, odd != 0


@compiled
def count_line_ends(content: Bytes, borders: Borders, step: int) -> tuple[int, int]:
    """How many of every `step`-th border are feeds, and how many of these have a return before them."""
    feeds, returns = 0, 0
    for last in range(step, len(borders), step):
        at = borders[last]
        feeds += content[at] == _FEED
        returns += at > 0 and content[at - 1] == _RETURN
    return feeds, returns
