import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.profiling import runs

ALL = slice(None)


def passing(column: np.ndarray, found: list[runs.Run]) -> list[int]:
    return column[runs.test(column, runs.joined(found))(ALL)].tolist()


def test_neighbours_and_repetitions_become_one_run() -> None:
    assert runs.joined([(7, 7), (1, 2), (3, 3), (2, 2), (9, 8)]) == [(1, 3), (7, 7)]


def test_a_run_inside_another_does_not_shorten_it() -> None:
    assert runs.joined([(1, 9), (2, 3), (10, 10)]) == [(1, 10)]


def test_nothing_wanted_is_nobody() -> None:
    assert passing(np.arange(5, dtype=np.int8), []) == []


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64])
def test_runs_reach_to_the_ends_of_the_type(dtype: type) -> None:
    limits = np.iinfo(dtype)
    column = np.array([limits.min, limits.min + 1, -1, 0, limits.max - 1, limits.max], dtype=dtype)
    assert passing(column, [(limits.min, -1)]) == [limits.min, limits.min + 1, -1]
    assert passing(column, [(0, limits.max)]) == [0, limits.max - 1, limits.max]
    assert passing(column, [(limits.min + 1, limits.max - 1)]) == [limits.min + 1, -1, 0, limits.max - 1]
    assert passing(column, [(limits.min, limits.max)]) == column.tolist()


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32])
@settings(deadline=None)
@given(found=st.lists(st.tuples(st.integers(-128, 127), st.integers(0, 9)), max_size=40))
def test_as_many_runs_as_one_likes_find_the_same_numbers(dtype: type, found: list[tuple[int, int]]) -> None:
    wanted = [(first, min(first + length, 127)) for first, length in found]
    column = np.arange(-128, 128).astype(dtype)
    expected = [number for number in range(-128, 128) if any(first <= number <= last for first, last in wanted)]
    assert passing(column, wanted) == expected
