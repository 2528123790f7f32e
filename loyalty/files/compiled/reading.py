"""All columns of a plain block in one compiled call, so that threads that read do not wait for each other."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from loyalty.files.compiled.borders import Borders, Cells
from loyalty.files.compiled.loops import compiled
from loyalty.files.compiled.moments import read_moments
from loyalty.files.compiled.numbers import read_decimals
from loyalty.files.compiled.texts import UNSURE, read_choices, read_texts
from loyalty.files.compiled.words import Bytes

OTHER, DECIMAL, MOMENT, TEXT, CHOICE = range(5)


class Layout(NamedTuple):
    """What each of k columns is read as: a `way` (k,) int8, and its `slot` (k,) int64 among the columns of that way.

    Texts have at most `longest` (k,) int64 bytes, and are `trimmed` (k,) bool or kept as they stand. A choice is one of
    its row of `keys` (k, m) uint64: texts of up to eight bytes as words, unused ones zero.
    """

    ways: npt.NDArray[np.int8]
    slots: npt.NDArray[np.int64]
    longest: npt.NDArray[np.int64]
    trimmed: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]


class Found(NamedTuple):
    """What n rows hold: `states` (k, n) uint8 of each cell, `counts` (k, 2) int64 of those blank and not sure.

    By slot: decimals as `halves` (., n, 2) int64, `moments` (., n) int64, in UTC where `stated` (., n) bool; and texts
    as `offsets` (., n + 1) int32 into what of `copied` (.) uint8 lies from `begins` (. + 1,) int64 on.
    """

    states: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.int64]
    halves: npt.NDArray[np.int64]
    moments: npt.NDArray[np.int64]
    stated: npt.NDArray[np.bool_]
    offsets: npt.NDArray[np.int32]
    copied: npt.NDArray[np.uint8]
    begins: npt.NDArray[np.int64]


@compiled
def read_columns(content: Bytes, borders: Borders, cut: int, layout: Layout, found: Found) -> None:
    """Puts what the cells between `borders` hold into `found`; `cut` is 1 where lines end in a return and a feed."""
    step = len(layout.ways)
    for place in range(step):
        cells = Cells(content, borders, place, step, cut if place == step - 1 else 0)
        way, slot, states = layout.ways[place], layout.slots[place], found.states[place]
        counts = (0, 0)
        if way == DECIMAL:
            counts = read_decimals(cells, found.halves[slot], states)
        elif way == MOMENT:
            counts = read_moments(cells, found.moments[slot], states, found.stated[slot])
        elif way == OTHER:
            states[:] = UNSURE
            counts = (0, len(states))
        else:
            begin, offsets = found.begins[slot], found.offsets[slot]
            copied = found.copied[begin:]
            if way == TEXT:
                counts = read_texts(cells, layout.longest[place], layout.trimmed[place], offsets, copied, states)
            else:
                counts = read_choices(cells, layout.keys[place], offsets, copied, states)
            found.begins[slot + 1] = begin + offsets[-1]
        found.counts[place, 0], found.counts[place, 1] = counts
