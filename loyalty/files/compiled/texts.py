"""Cells → the offsets and bytes of a column of text."""

import numpy as np
import numpy.typing as npt
from numba import uint64

from loyalty.files.compiled.borders import Borders, Cells, ends
from loyalty.files.compiled.loops import compiled, inlined
from loyalty.files.compiled.words import SIZE, Bytes, load, store

KNOWN, BLANK, UNSURE = 0, 1, 2
_FIRST_VISIBLE, _LAST_VISIBLE = 33, 126


@compiled
def read_texts(
    cells: Cells, longest: int, is_trimmed: bool, offsets: Borders, copied: Bytes, states: Bytes
) -> tuple[int, int]:
    """Copies cells one behind the other: `offsets` (n + 1,) int32, `copied` as many bytes as these and two words.

    Sure are texts that begin (and end, if trimmed) with a visible ASCII character and have at most `longest` bytes.
    Returns how many are blank, and how many are not sure.
    """
    blank, unsure, end = 0, 0, 0
    offsets[0] = 0
    for row in range(len(states)):
        start, size = ends(cells, row)
        state = KNOWN if size else BLANK
        if size:
            first = cells.content[start]
            last = cells.content[start + size - 1] if is_trimmed else first
            if min(first, last) < _FIRST_VISIBLE or max(first, last) > _LAST_VISIBLE or size > longest:
                state = UNSURE
        _copy(cells.content, start, size, copied, end)
        end += size
        offsets[row + 1] = end
        states[row] = state
        blank += state == BLANK
        unsure += state == UNSURE
    return blank, unsure


@compiled
def read_choices(
    cells: Cells, keys: npt.NDArray[np.uint64], offsets: Borders, copied: Bytes, states: Bytes
) -> tuple[int, int]:
    """The same where sure are texts of at most eight bytes that are one of `keys` (m,) uint64, zeros behind."""
    blank, unsure, end = 0, 0, 0
    offsets[0] = 0
    for row in range(len(states)):
        start, size = ends(cells, row)
        state = UNSURE if size else BLANK
        if 0 < size <= SIZE and start + SIZE <= len(cells.content):
            key = load(cells.content, start) & (~uint64(0) >> uint64(8 * (SIZE - size)))
            is_known = False
            for known in keys:
                is_known |= key == known
            state = UNSURE - UNSURE * is_known
        _copy(cells.content, start, size, copied, end)
        end += size
        offsets[row + 1] = end
        states[row] = state
        blank += state == BLANK
        unsure += state == UNSURE
    return blank, unsure


@inlined
def _copy(content: Bytes, start: int, size: int, copied: Bytes, end: int) -> None:
    if start + size + 2 * SIZE <= len(content):
        for at in range(0, size, 2 * SIZE):
            store(copied, end + at, load(content, start + at))
            store(copied, end + at + SIZE, load(content, start + at + SIZE))
    else:
        for at in range(size):
            copied[end + at] = content[start + at]
