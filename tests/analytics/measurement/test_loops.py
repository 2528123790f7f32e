from collections.abc import Sequence

import numpy as np
import pytest

from analytics.measurement import adding, loops, packed

RNG = np.random.default_rng(88)
# Several steps, of which the last is short, and ends within a register.
N = 2 * packed.MEMBERS + loops.STEP + 1003
PARTS = (2, 300)
CODES = (RNG.integers(-1, 2, N).astype(np.int8), RNG.integers(-1, 300, N).astype(np.int16))


def added(values: np.ndarray, codes: Sequence[np.ndarray], parts: Sequence[int]) -> np.ndarray:
    sums = np.zeros((*(each + 1 for each in parts), 3))
    assert loops.add((values,), tuple(codes), sums)
    return sums.reshape(-1, 3)


def one_by_one(values: np.ndarray, cells: np.ndarray, count: int) -> list[list[int]]:
    sums = [[0, 0, 0] for _ in range(count)]
    for value, cell in zip(values.tolist(), cells.tolist(), strict=True):
        for term in range(3):
            sums[cell][term] += value**term
    return sums


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32])
def test_whole_numbers_are_summed_exactly_in_every_cell(kind: type) -> None:
    values = RNG.integers(-128 if kind is np.int8 else -30_000, 128 if kind is np.int8 else 30_000, N).astype(kind)
    cells = (CODES[0].astype(int) + 1) * 301 + CODES[1] + 1
    assert added(values, CODES, PARTS).tolist() == one_by_one(values, cells, 3 * 301)


EDGES = (packed.LARGEST, packed.LARGEST + 1, 2**31 - 1)


@pytest.mark.parametrize("extreme", [*EDGES, *(-each for each in EDGES), -(2**31)])
def test_the_largest_numbers_there_are_fit(extreme: int) -> None:
    """Squares of 62 bits, of which float64 keeps 53: in a cell of its own, each is rounded once."""
    values = np.array([extreme, 3, -4], np.int32)
    found = added(np.tile(values, 8), [np.tile(np.arange(3, dtype=np.int16), 8)], [3])[1:]
    assert found.tolist() == [[8.0, 8.0 * each, 8.0 * float(each) ** 2] for each in values.tolist()]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_cell_with_everybody_and_the_largest_packed_numbers_does_not_overflow(sign: int) -> None:
    values = np.full(N, sign * packed.LARGEST, np.int32)
    ((n, total, squares),) = added(values, [np.zeros(N, np.int8)], [1])[1:]
    assert (n, total) == (N, sign * N * packed.LARGEST)
    assert squares == pytest.approx(N * packed.LARGEST**2, rel=1e-15)  # some blocks of exact sums, added in float64


def test_one_large_number_changes_no_other_sum() -> None:
    values = RNG.integers(0, 10**5, N).astype(np.int32)
    values[N // 2] = 2**31 - 1
    cells = np.zeros(N, np.int16)
    cells[N // 2] = 1
    found = added(values, [cells], [2])[1:]
    others = np.delete(values, N // 2).tolist()
    assert found.tolist() == [
        [N - 1, sum(others), sum(each**2 for each in others)],
        [1, 2**31 - 1, float(2**31 - 1) ** 2],
    ]


def test_more_cells_than_are_packed_have_the_same_sums() -> None:
    values = RNG.integers(-(10**6), 10**6, N).astype(np.int32)
    codes = RNG.integers(-1, packed.CELLS, N).astype(np.int16)
    few, many = packed.CELLS - 1, packed.CELLS
    assert packed.suits(values, few + 1)
    assert not packed.suits(values, many + 1)
    inside = codes < few
    in_many = added(values[inside], [codes[inside]], [many])
    assert np.array_equal(added(values[inside], [codes[inside]], [few]), in_many[:-1])


@pytest.mark.parametrize("kind", [np.int32, np.float32])
@pytest.mark.parametrize("row", [0, N - 1])
@pytest.mark.parametrize(("cut", "stranger"), [(0, 2), (0, -2), (1, 300), (1, -2)])
def test_one_code_of_no_part_is_told(kind: type, row: int, cut: int, stranger: int) -> None:
    codes = [each.copy() for each in CODES]
    codes[cut][row] = stranger
    sums = np.zeros((3, 301, 3))
    assert not loops.add((np.ones(N, kind),), tuple(codes), sums)
    assert not adding.by_numpy((np.ones(N, kind),), tuple(codes), np.zeros_like(sums))
