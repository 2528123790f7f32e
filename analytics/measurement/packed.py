"""Sums of whole numbers, two to a register: the count is kept below the sum, and the squares beside them; see `lanes`.

Such sums hold so many members at the most; then they are unpacked, and begin again.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analytics.measurement.lanes import COUNT_BITS, ROWS, TERMS, TURNS, add_rows
from analytics.measurement.places import PER_CELL, Places, extent

Table = NDArray[np.int64]

# Members before sums are unpacked: of each turn half of them, so that no count grows into the sum above it.
MEMBERS = TURNS * 2 ** (COUNT_BITS - 1)
# And no squares past 2^63: where anything is larger, either way, members are added as those of other columns are.
LARGEST = 2**24 - 1
# With more cells, it would take longer to unpack their sums than to add them up.
CELLS = 2**12
_COUNT = 2**COUNT_BITS - 1


def _table(cells: int) -> Table:
    return np.zeros(cells * PER_CELL, np.int64)


def _add(values: NDArray, places: Places, table: Table) -> int:
    """How many rows were added, from the first on: all but a few at the end, or none where anything is too large."""
    lowest, highest = extent(values)
    if lowest < -LARGEST or highest > LARGEST:
        return 0
    whole = len(values) // ROWS * ROWS
    for row in range(0, whole, ROWS):
        add_rows(values, row, places, table)
    return whole


def _unpack(table: Table, sums: NDArray[np.float64]) -> None:
    """Adds what is in the table to the sums (cells, 3), and empties it."""
    for cell in range(len(sums)):
        for turn in range(TURNS):
            at = cell * PER_CELL + turn * TERMS
            sums[cell, 0] += table[at] & _COUNT
            sums[cell, 1] += table[at] >> COUNT_BITS
            sums[cell, 2] += table[at + 1]
            table[at] = table[at + 1] = 0


table, add, unpack = (njit(each) for each in (_table, _add, _unpack))


def suits(column: NDArray[Any], cells: int) -> bool:
    """Whether so many cells of such a column are summed this way."""
    return column.dtype.kind == "i" and column.itemsize <= 4 and cells <= CELLS
