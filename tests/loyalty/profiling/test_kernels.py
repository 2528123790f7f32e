import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import kernels, runs, scanning
from loyalty.profiling.bitset import Bitset, counts_without

ROOT = Path(__file__).parents[3]
COLUMN = np.random.default_rng(1).integers(-5, 90, 10_007, dtype=np.int8)
WANTED = [(0, 3), (17, 40)]
INSIDE = runs.test(COLUMN, WANTED)(slice(None))


@pytest.fixture
def not_fetched(monkeypatch: pytest.MonkeyPatch) -> list[kernels.Kernels]:
    """As in a process that has not counted yet; every column is worth a kernel."""
    fetched: list[kernels.Kernels] = []
    monkeypatch.setattr(kernels, "_fetched", fetched)
    monkeypatch.setattr(kernels, "_begun", threading.Lock())
    monkeypatch.setattr(kernels, "WORTH_ROWS", 1)
    return fetched


@pytest.fixture
def fetched(not_fetched: list[kernels.Kernels], monkeypatch: pytest.MonkeyPatch) -> list[kernels.Kernels]:
    """As in a process in which the kernel is at hand; blocks are small, so that threads share the work."""
    kernels._fetch()
    monkeypatch.setattr(scanning, "BLOCK_ROWS", 64)
    return not_fetched


def counted() -> np.ndarray:
    (found,) = scanning.scan([runs.marks(COLUMN, WANTED)], len(COLUMN))
    return found.mask()


def test_until_the_kernel_is_there_numpy_counts(not_fetched, monkeypatch) -> None:
    monkeypatch.setattr(kernels, "_fetch", lambda: None)
    assert kernels.marking(COLUMN) is None
    assert np.array_equal(counted(), INSIDE)


def test_a_kernel_that_cannot_be_had_leaves_the_counting_to_numpy(not_fetched, monkeypatch) -> None:
    said = []
    monkeypatch.setattr("threading.excepthook", said.append)
    monkeypatch.setitem(sys.modules, "loyalty.profiling.marking", None)
    for _ in range(2):
        assert np.array_equal(counted(), INSIDE)
    for thread in threading.enumerate():
        if thread.name == "kernels":
            thread.join(timeout=30)
    assert said[0].exc_type is ModuleNotFoundError


def test_it_is_fetched_once_however_many_ask(not_fetched, monkeypatch) -> None:
    began = []
    monkeypatch.setattr(kernels, "_fetch", lambda: began.append(1))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: kernels.marking(COLUMN), range(100)))
    assert began == [1]


def test_the_kernel_counts_as_numpy_does(fetched) -> None:
    used = []
    mark = fetched[0].mark
    fetched[0] = fetched[0]._replace(mark=lambda *arguments: used.append(1) or mark(*arguments))
    assert np.array_equal(counted(), INSIDE)
    assert len(used) == -(-len(COLUMN) // 64)


def test_sets_are_counted_by_the_kernel_as_by_numpy(not_fetched) -> None:
    parts = [Bitset.of_mask(np.random.default_rng(number).random(10_007) < 0.3) for number in range(5)]

    def counts() -> list[int | list[int]]:
        alone = [Bitset(part.words, part.size).count for part in parts]
        return [*alone, parts[0].counts_with(parts), *(counts_without(parts, every=every) for every in (True, False))]

    by_numpy = counts()
    kernels._fetch()
    assert kernels.counting(parts[0].words)
    assert counts() == by_numpy


def test_threads_count_at_the_same_time(fetched) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(found, INSIDE) for found in pool.map(lambda _: counted(), range(20)))


def count_in_child() -> None:
    os._exit(0 if kernels.marking(COLUMN) and np.array_equal(counted(), INSIDE) else 1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_forked_afterwards_has_the_kernel_too(fetched) -> None:
    counted()
    child = get_context("fork").Process(target=count_in_child)
    child.start()
    child.join(timeout=30)
    assert child.exitcode == 0


@pytest.mark.parametrize("column", [COLUMN.astype(np.int64), COLUMN[::2], np.broadcast_to(COLUMN[:1], 99)])
@pytest.mark.usefixtures("fetched")
def test_columns_it_is_not_compiled_for_are_left_to_numpy(column: np.ndarray) -> None:
    assert kernels.marking(column) is None
    (found,) = scanning.scan([runs.marks(column, WANTED)], len(column))
    assert np.array_equal(found.mask(), runs.test(column, WANTED)(slice(None)))


@pytest.mark.parametrize("count", [0, runs.MOST_COMPARED + 1])
@pytest.mark.usefixtures("fetched")
def test_no_runs_and_very_many_are_left_to_numpy(count: int) -> None:
    found = [(2 * number, 2 * number) for number in range(count)]
    (inside,) = scanning.scan([runs.marks(COLUMN, found)], len(COLUMN))
    assert np.array_equal(inside.mask(), runs.test(COLUMN, found)(slice(None)))


LOADED = """
import sys
import django
django.setup()
import config.urls, config.wsgi
import numpy as np
from loyalty.profiling import kernels
for rows in (kernels.WORTH_ROWS - 1, kernels.WORTH_ROWS):
    kernels.marking(np.zeros(rows, dtype=np.int8))
    print("numba" in sys.modules or kernels._begun.locked())
"""


def test_a_web_server_loads_the_compiler_for_a_million_members_and_not_before() -> None:
    """The second is the negative control."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "of one's own" * 9}
    command = [sys.executable, "-c", LOADED]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment).stdout
    assert said.split()[-2:] == ["False", "True"]


KEPT = "import loyalty.profiling.marking as m; print(sum(m.mark.stats.cache_hits.values()))"


def test_what_is_compiled_is_kept_where_the_settings_say_and_found_again(tmp_path: Path) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", KEPT]
    hits = [
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment).stdout
        for _ in range(2)
    ]
    assert [int(hit) for hit in hits] == [0, 3]
    assert list(tmp_path.rglob("*.nbc"))
