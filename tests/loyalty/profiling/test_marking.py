from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import runs
from loyalty.profiling.bitset import words_for
from loyalty.profiling.marking import AT_ONCE, mark

TYPES = [np.int8, np.int16, np.int32]
STRETCH = 64 * AT_ONCE
SIZES = [0, 1, 7, 8, 63, 64, 65, STRETCH - 1, STRETCH, STRETCH + 1, 3 * STRETCH + 77]
FULL = np.iinfo(np.uint64).max


def marked(column: np.ndarray, found: list[runs.Run]) -> np.ndarray:
    """The mask that the kernel's bits are."""
    words = np.zeros(words_for(len(column)), dtype=np.uint64)
    firsts, lasts = np.array(found, dtype=column.dtype).T.copy()
    mark(column, firsts, lasts, words)
    assert not np.unpackbits(words.view(np.uint8), bitorder="little")[len(column) :].any()
    return np.unpackbits(words.view(np.uint8), count=len(column), bitorder="little").view(bool)


def numbers(dtype: type, size: int) -> np.ndarray:
    limits = np.iinfo(dtype)
    return np.random.default_rng(size).integers(limits.min, limits.max, size, dtype=dtype, endpoint=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", TYPES)
def test_bits_say_what_masks_say(dtype: type, size: int) -> None:
    column, limits = numbers(dtype, size), np.iinfo(dtype)
    for found in ([(0, 0)], [(-100, 50)], [(limits.min, -3), (5, 5), (9, limits.max)], [(limits.min, limits.max)]):
        assert np.array_equal(marked(column, found), runs.test(column, found)(slice(None)))


@pytest.mark.parametrize("dtype", TYPES)
def test_every_run_of_many_counts(dtype: type) -> None:
    column: np.ndarray = np.tile(np.arange(-128, 128), 40).astype(dtype)
    found = [(number, number + 2) for number in range(-120, 120, 20)]
    assert len(found) == runs.MOST_COMPARED
    assert np.array_equal(marked(column, found), runs.test(column, found)(slice(None)))


def test_what_stood_in_the_words_is_written_over() -> None:
    words = np.full(2, FULL, dtype=np.uint64)
    bound = np.array([5], dtype=np.int8)
    mark(np.zeros(128, dtype=np.int8), bound, bound, words)
    assert not words.any()


@pytest.mark.parametrize("dtype", TYPES)
def test_a_slice_of_a_read_only_memory_map_is_read_in_place(tmp_path: Path, dtype: type) -> None:
    written = numbers(dtype, 5000)
    written.tofile(tmp_path / "column")
    column: np.ndarray = np.asarray(np.memmap(tmp_path / "column", dtype=dtype, mode="r"))[64:4999]
    assert not column.flags.writeable
    assert np.array_equal(marked(column, [(-9, 99)]), (written[64:4999] >= -9) & (written[64:4999] <= 99))


@pytest.mark.parametrize("column", [np.zeros(9), np.zeros(9, dtype=np.int64), np.zeros(18, dtype=np.int8)[::2]])
def test_another_type_is_refused_and_compiles_nothing(column: np.ndarray) -> None:
    bound = np.zeros(1, dtype=column.dtype)
    with pytest.raises(TypeError):
        mark(column, bound, bound, np.zeros(1, dtype=np.uint64))
    assert len(mark.signatures) == len(TYPES)
