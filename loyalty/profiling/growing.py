"""Arrays that grow row by row from the first on, in memory or in a file."""

from pathlib import Path

import numpy as np

ROWS_AT_ONCE = 1 << 16


class Growing:
    """(rows, …) of the shape and type of `nothing` (1, …), which stands in every row that is passed over."""

    def __init__(self, nothing: np.ndarray, rows: int, *, path: Path | None) -> None:
        self.nothing, self.rows, self.path = nothing, rows, path
        self.array = np.repeat(nothing, rows, axis=0) if path is None else nothing[:0]
        self.file = path.open("wb") if path else None
        self.end = 0

    def lay(self, first: int, found: np.ndarray) -> None:
        """Put rows down from row `first` on, which comes after all that were put down before."""
        if self.file is None:
            self.array[first : first + len(found)] = found
            return
        self._pass_over(first)
        self.file.write(found.astype(self.nothing.dtype, copy=False).tobytes())
        self.end = first + len(found)

    def whole(self) -> np.ndarray:
        """All rows; those of a file are mapped, and only read."""
        if self.file is None or self.path is None:
            return self.array
        self._pass_over(self.rows)
        self.file.close()
        shape = (self.rows, *self.nothing.shape[1:])
        empty = 0 in shape
        return np.zeros(shape, self.nothing.dtype) if empty else np.memmap(self.path, self.nothing.dtype, "r", 0, shape)

    def _pass_over(self, end: int) -> None:
        assert self.file
        for first in range(self.end, end, ROWS_AT_ONCE):
            self.file.write(np.repeat(self.nothing, min(ROWS_AT_ONCE, end - first), axis=0).tobytes())
        self.end = max(self.end, end)
