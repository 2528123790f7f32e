import numpy as np
import pytest

from loyalty.profiling.sorting import in_order, starts


@pytest.mark.parametrize("most", [1, 50, 2**40, 2**62])
def test_keys_come_in_order_with_the_positions_they_had(most: int) -> None:
    keys = np.random.default_rng(1).integers(0, most, 500)
    ordered, positions = in_order(keys)
    assert ordered.tolist() == sorted(keys.tolist()) == keys[positions].tolist()
    assert sorted(positions.tolist()) == list(range(500))


def test_no_keys_are_in_order() -> None:
    assert [part.tolist() for part in in_order(np.zeros(0, dtype=np.int64))] == [[], []]


def test_a_run_starts_where_any_column_changes() -> None:
    one, other = np.array([1, 1, 2, 2, 1]), np.array([5, 5, 5, 6, 6])
    assert starts(one, other).tolist() == [0, 2, 3, 4]
    assert starts(one[:0]).tolist() == []
