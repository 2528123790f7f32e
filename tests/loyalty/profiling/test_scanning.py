import os
from multiprocessing import get_context

import numpy as np
import pytest

from loyalty.profiling import scanning
from loyalty.profiling.scanning import packed, scan

VALUES = np.random.default_rng(3).integers(0, 100, 10_007)


def few(rows: slice) -> np.ndarray:
    return VALUES[rows] < 30


@pytest.mark.parametrize("block_rows", [64, 1024, 10_007, 2**19])
def test_blocks_of_any_size_find_the_same_members(monkeypatch: pytest.MonkeyPatch, block_rows: int) -> None:
    monkeypatch.setattr(scanning, "BLOCK_ROWS", -(-block_rows // 64) * 64)
    under, over = scan([packed(few), packed(lambda rows: VALUES[rows] > 10)], len(VALUES))
    assert np.array_equal(under.mask(), VALUES < 30)
    assert np.array_equal(over.mask(), VALUES > 10)


def test_no_rows_and_no_tests_find_nobody() -> None:
    assert scan([], 10) == []
    assert [found.count for found in scan([packed(few)], 0)] == [0]


def test_a_test_that_fails_in_one_block_fails_the_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "BLOCK_ROWS", 64)
    with pytest.raises(ZeroDivisionError):
        scan([packed(lambda rows: VALUES[rows] < (1 // 0 if rows.start else 1))], len(VALUES))


def count_in_child() -> None:
    os._exit(0 if scan([packed(few)], len(VALUES))[0].count == (VALUES < 30).sum() else 1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "BLOCK_ROWS", 64)
    scan([packed(few)], len(VALUES))
    child = get_context("fork").Process(target=count_in_child)
    child.start()
    child.join(timeout=30)
    assert child.exitcode == 0
