"""Sums of whole numbers, two to a register: the count is kept below the sum, and the squares beside them; see `lanes`.

Such sums hold so many members at the most; then they are unpacked, and begin again.
"""

from typing import Any

import numpy as np
from numba import literal_unroll, njit
from numpy.typing import NDArray

from analytics.measurement.lanes import COUNT_BITS, ROWS, TURNS, add_rows
from analytics.measurement.places import Codes, Places, extent

Columns = tuple[NDArray, ...]
Table = NDArray[np.int64]

# Members before sums are unpacked: of each turn half of them, so that no count grows into the sum above it.
MEMBERS = TURNS * 2 ** (COUNT_BITS - 1)
# And no squares past 2^63: where anything is larger, either way, members are added as those of other columns are.
LARGEST = 2**23 - 1
# With two columns, the sums of so many cells take half a megabyte, which a processor keeps at hand.
CELLS = 2**12
_COUNT = 2**COUNT_BITS - 1


def suits(columns: Columns, cells: int) -> bool:
    """Whether so many cells of such columns are summed this way."""
    return cells <= CELLS and all(each.dtype.kind == "i" and each.itemsize <= 4 for each in columns)


def bits(terms: int) -> int:
    """What cells are apart in the table, as a power of two: there is room for the pairs of every turn."""
    return (TURNS * (terms // 2 * 2) - 1).bit_length()


def _fit(values: NDArray) -> Any:
    lowest, highest = extent(values)
    return lowest >= -LARGEST and highest <= LARGEST


def _add(columns: Columns, codes: tuple[Codes, ...], start: int, stop: int, places: Places, table: Table) -> int:
    """How many rows were added, from the first on: all but a few at the end, or none where anything is too large."""
    for column in literal_unroll(columns):
        if not _fits(column[start:stop]):
            return 0
    whole = (stop - start) // ROWS * ROWS
    for row in range(0, whole, ROWS):
        add_rows(columns, codes, start + row, places, row, table)
    return whole


def _unpack(table: Table, bits: int, sums: NDArray[np.float64]) -> None:
    """Adds what is in the table to the sums (cells, terms), and empties it."""
    own = sums.shape[1] // 2 * 2  # numbers of one turn, in pairs
    for cell in range(len(sums)):
        for turn in range(TURNS):
            at = (cell << bits) + turn * own
            sums[cell, 0] += table[at] & _COUNT
            sums[cell, 1] += table[at] >> COUNT_BITS
            for term in range(2, sums.shape[1]):
                sums[cell, term] += table[at + term - 1]
    table[:] = 0


_fits, add, unpack = (njit(each) for each in (_fit, _add, _unpack))
