import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analytics.measurement import adding, cells, moments
from analytics.measurement.cells import Crossed, Tally, tally

ROOT = Path(__file__).parents[3]
N, CELLS = 5000, 7
RNG = np.random.default_rng(80)
SPEND = RNG.gamma(0.5, 40, N)
BASKETS = RNG.poisson(2, N).astype(np.int32)
BEFORE = [RNG.gamma(0.5, 40, N), RNG.poisson(2, N).astype(np.int32)]
CELL = RNG.integers(-1, CELLS, N).astype(np.int16)
SUMS = ("n", "total", "total_sq", "before_total", "before_total_sq", "cross")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for many members, in blocks so small that threads share the work."""
    monkeypatch.setattr(adding, "WORTH_VALUES", 1)
    monkeypatch.setattr(cells, "BLOCK", 256)
    monkeypatch.setattr(cells, "ROWS_PER_CELL", 1)


def same(one: Tally, other: Tally, *, rtol: float) -> None:
    for name in SUMS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=rtol)


def test_every_cell_has_the_sums_of_its_own_members() -> None:
    found = tally([SPEND, BASKETS], BEFORE, CELL, CELLS)
    for cell in range(CELLS):
        for metric, values in enumerate((SPEND, BASKETS)):
            inside = cell == CELL
            expected = moments.paired(values[inside], BEFORE[metric][inside])
            ours = found.paired(metric, cell)
            assert ours.n == expected.n
            for name in SUMS[1:]:
                assert getattr(ours, name) == pytest.approx(getattr(expected, name), rel=1e-12)


def test_cells_add_up_to_all_their_members() -> None:
    found = tally([SPEND], BEFORE[:1], CELL, CELLS).paired(0, range(CELLS))
    expected = moments.paired(SPEND[CELL >= 0], BEFORE[0][CELL >= 0])
    assert found.n == expected.n
    assert found.correlation == pytest.approx(expected.correlation, rel=1e-10)


def test_without_a_time_before_there_are_moments() -> None:
    found = tally([SPEND], None, CELL, CELLS).moments(0, [2, 5])
    expected = moments.of(SPEND[np.isin(CELL, [2, 5])])
    assert (found.n, found.total, found.total_sq) == pytest.approx(
        (expected.n, expected.total, expected.total_sq), rel=1e-12
    )


@pytest.mark.parametrize("before", [None, BEFORE])
def test_compiled_sums_are_those_of_numpy(compiled: None, monkeypatch: pytest.MonkeyPatch, before) -> None:
    fast = tally([SPEND, BASKETS], before, CELL, CELLS)
    monkeypatch.setattr(adding, "WORTH_VALUES", N * 3)
    same(fast, tally([SPEND, BASKETS], before, CELL, CELLS), rtol=1e-12)


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.float32, np.float64, np.bool_, np.uint8])
def test_columns_of_any_kind_are_read(compiled: None, kind: type) -> None:
    values = (BASKETS > 1).astype(kind)
    assert tally([values], None, CELL, CELLS).total[0].sum() == (BASKETS[CELL >= 0] > 1).sum()


def test_columns_are_read_from_files_as_they_are(compiled: None, tmp_path: Path) -> None:
    np.save(tmp_path / "spend.npy", SPEND.astype(np.float32))
    np.save(tmp_path / "cell.npy", CELL)
    mapped = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("spend", "cell")]
    same(tally(mapped[:1], None, mapped[1], CELLS), tally([SPEND.astype(np.float32)], None, CELL, CELLS), rtol=0)


def in_one_thread(work: Callable, parts: range) -> list:
    return [work(part) for part in parts]


def test_threads_change_nothing_to_the_last_bit(compiled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = [tally([SPEND], BEFORE[:1], CELL, CELLS) for _ in range(5)]
    monkeypatch.setattr(cells, "share", in_one_thread)
    for one in shared:
        same(one, tally([SPEND], BEFORE[:1], CELL, CELLS), rtol=0)


def test_sums_of_whole_cents_are_exact() -> None:
    cents = RNG.integers(0, 10**6, N).astype(np.int32)
    found = tally([cents], None, np.zeros(N, np.int8), 1)
    assert int(found.total_sq[0, 0]) == sum(int(each) ** 2 for each in cents)


@pytest.mark.parametrize("worth", [1, 10**9])
@pytest.mark.parametrize("stranger", [CELLS, -2])
def test_codes_of_no_cell_are_refused(monkeypatch: pytest.MonkeyPatch, worth: int, stranger: int) -> None:
    monkeypatch.setattr(adding, "WORTH_VALUES", worth)
    codes = CELL.copy()
    codes[N // 2] = stranger
    with pytest.raises(ValueError, match="names no cell"):
        tally([SPEND], None, codes, CELLS)


def test_columns_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(ValueError, match="one value per member"):
        tally([SPEND[1:]], None, CELL, CELLS)
    with pytest.raises(ValueError, match="its own time before"):
        tally([SPEND, BASKETS], BEFORE[:1], CELL, CELLS)
    with pytest.raises(ValueError, match="no metric"):
        tally([], None, CELL, CELLS)


@pytest.mark.parametrize("worth", [1, 10**9])
def test_cuts_are_crossed_as_numpy_does_it(monkeypatch: pytest.MonkeyPatch, worth: int) -> None:
    monkeypatch.setattr(adding, "WORTH_VALUES", worth)
    arm, day = RNG.integers(0, 2, N).astype(np.int8), RNG.integers(0, 30, N).astype(np.int16)
    cuts = Crossed((arm, 2), (day, 30))
    expected = np.ravel_multi_index((arm, day), (2, 30))
    same(tally([SPEND], None, cuts, cuts.count), tally([SPEND], None, expected, 60), rtol=0)


@pytest.mark.parametrize("worth", [1, 10**9])
def test_who_is_nowhere_in_one_cut_is_in_no_cell(monkeypatch: pytest.MonkeyPatch, worth: int) -> None:
    monkeypatch.setattr(adding, "WORTH_VALUES", worth)
    cuts = Crossed((np.array([0, 1, -1, 1]), 2), (np.array([2, -1, 0, 0]), 3))
    assert tally([np.ones(4)], None, cuts, cuts.count).n.tolist() == [0, 0, 1, 1, 0, 0]


@pytest.mark.parametrize("worth", [1, 10**9])
def test_a_code_beyond_its_cut_is_refused_and_not_taken_for_another_arm(
    monkeypatch: pytest.MonkeyPatch, worth: int
) -> None:
    monkeypatch.setattr(adding, "WORTH_VALUES", worth)
    cuts = Crossed((np.array([0, 1]), 2), (np.array([3, 0]), 3))
    with pytest.raises(ValueError, match="names no cell"):
        tally([np.ones(2)], None, cuts, cuts.count)


def test_few_members_never_load_the_compiler() -> None:
    code = (
        "import json, sys, numpy as np; from analytics.measurement.cells import tally;"
        "tally([np.ones(1000)], None, np.zeros(1000, int), 1); print(json.dumps('numba' in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=os.environ)
    assert json.loads(ran.stdout) is False
