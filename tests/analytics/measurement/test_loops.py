from collections.abc import Sequence

import numpy as np
import pytest

from analytics.measurement import adding, loops, packed

RNG = np.random.default_rng(88)
# Sums are unpacked in the middle, the last step is short, and the last rows are fewer than are added at a time.
N = packed.MEMBERS + loops.STEP + 1003
PARTS = (2, 300)
CODES = (RNG.integers(-1, 2, N).astype(np.int8), RNG.integers(-1, 300, N).astype(np.int16))
SEVERAL = 48


def added(columns: Sequence[np.ndarray], codes: Sequence[np.ndarray], parts: Sequence[int]) -> np.ndarray:
    terms = adding.TERMS[len(columns) - 1]
    sums = np.zeros((*(each + 1 for each in parts), terms))
    assert loops.add(tuple(columns), tuple(codes), sums)
    return sums.reshape(-1, terms)


def terms(value: float, before: float) -> list[float]:
    return [1, value, value**2, before, before**2, value * before]


def one_by_one(columns: Sequence[np.ndarray], cells: np.ndarray, count: int) -> list[list[float]]:
    """In whole numbers of any size."""
    sums: list[list[float]] = [[0] * adding.TERMS[len(columns) - 1] for _ in range(count)]
    for cell, value, before in zip(cells.tolist(), columns[0].tolist(), columns[-1].tolist(), strict=True):
        sums[cell] = [each + more for each, more in zip(sums[cell], terms(value, before), strict=False)]
    return sums


def column_of(kind: type) -> np.ndarray:
    most = min(np.iinfo(kind).max, 10**5)
    least = np.iinfo(kind).min if kind is np.int8 else -most
    drawn: np.ndarray = RNG.integers(least, most, N, endpoint=True).astype(kind)
    return drawn


@pytest.mark.parametrize("kinds", [[np.int8], [np.int16], [np.int32], [np.int32, np.int32], [np.int16, np.int32]])
def test_whole_numbers_are_summed_exactly_in_every_cell(kinds: list[type]) -> None:
    columns = [column_of(kind) for kind in kinds]
    cells = (CODES[0].astype(int) + 1) * 301 + CODES[1] + 1
    assert added(columns, CODES, PARTS).tolist() == one_by_one(columns, cells, 3 * 301)


def test_of_one_cut_too() -> None:
    columns = [column_of(np.int32), column_of(np.int32)]
    assert added(columns, CODES[1:], PARTS[1:]).tolist() == one_by_one(columns, CODES[1] + 1, 301)


EDGES = (packed.LARGEST, packed.LARGEST + 1, 2**31 - 1)


@pytest.mark.parametrize("extreme", [*EDGES, *(-each for each in EDGES), -(2**31)])
def test_the_largest_numbers_there_are_fit(extreme: int) -> None:
    """Squares of 62 bits, of which float64 keeps 53: in a cell of its own, each is rounded once."""
    values, before = np.array([extreme, 3, -4], np.int32), np.array([5, extreme, extreme], np.int32)
    cells = np.tile(np.arange(3, dtype=np.int16), SEVERAL)
    found = added([np.tile(values, SEVERAL), np.tile(before, SEVERAL)], [cells], [3])[1:]
    expected = [terms(float(one), float(other)) for one, other in zip(values, before, strict=True)]
    assert found.tolist() == (np.array(expected) * SEVERAL).tolist()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_cell_with_everybody_and_the_largest_packed_numbers_does_not_overflow(sign: int) -> None:
    values, before = np.full(N, packed.LARGEST, np.int32), np.full(N, sign * packed.LARGEST, np.int32)
    (found,) = added([values, before], [np.zeros(N, np.int8)], [1])[1:]
    expected = [N * each for each in terms(packed.LARGEST, sign * packed.LARGEST)]
    assert found == pytest.approx(expected, rel=1e-15)  # exact sums of some members each, added in float64


def test_one_large_number_changes_no_other_sum() -> None:
    values = RNG.integers(0, 10**5, N).astype(np.int32)
    cells = np.zeros(N, np.int16)
    values[N // 2], cells[N // 2] = 2**31 - 1, 1
    others = np.delete(values, N // 2).tolist()
    everybody, one = added([values], [cells], [2])[1:].tolist()
    assert everybody == [N - 1, sum(others), sum(each**2 for each in others)]
    assert one == [1, 2**31 - 1, float(2**31 - 1) ** 2]


def test_more_cells_than_are_packed_have_the_same_sums() -> None:
    values, cells = column_of(np.int32), RNG.integers(-1, packed.CELLS - 1, N).astype(np.int16)
    few, many = packed.CELLS - 1, packed.CELLS
    assert [packed.suits((values,), parts + 1) for parts in (few, many)] == [True, False]
    assert np.array_equal(added([values], [cells], [few]), added([values], [cells], [many])[:-1])


@pytest.mark.parametrize("kind", [np.int32, np.float32])
@pytest.mark.parametrize("row", [0, N - 1])
@pytest.mark.parametrize(("cut", "stranger"), [(0, 2), (0, -2), (1, 300), (1, -2)])
def test_one_code_of_no_part_is_told(kind: type, row: int, cut: int, stranger: int) -> None:
    codes = [each.copy() for each in CODES]
    codes[cut][row] = stranger
    sums = np.zeros((3, 301, 3))
    assert not loops.add((np.ones(N, kind),), tuple(codes), sums)
    assert not adding.by_numpy((np.ones(N, kind),), tuple(codes), np.zeros_like(sums))
