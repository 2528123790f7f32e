"""Arrays in files: mapped when they are read, and on disk once they were written."""

import os
from pathlib import Path
from typing import IO, Any

import numpy as np


class LengthError(ValueError):
    """An array of another length than was written."""


def mapped(path: Path, rows: int) -> np.ndarray:
    """The (rows,) array in a file, memory-mapped; OSError, EOFError or ValueError where there is no such array."""
    # A file without rows has nothing to map.
    array = np.asarray(np.load(path, mmap_mode="r" if rows else None, allow_pickle=False))
    if array.shape != (rows,):
        raise LengthError(f"{path.name} has {array.size} rows, not {rows}.")
    return array


def flush(file: IO[Any]) -> None:
    """Wait until what was written is on disk."""
    file.flush()
    os.fsync(file.fileno())


def flush_names(directory: Path) -> None:
    """Wait until the names of a directory's files are on disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
