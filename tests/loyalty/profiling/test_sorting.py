import numpy as np
import pytest

from loyalty.profiling.sorting import in_order


@pytest.mark.parametrize("most", [1, 50, 2**40, 2**62])
def test_keys_come_in_order_with_the_positions_they_had(most: int) -> None:
    keys = np.random.default_rng(1).integers(0, most, 500)
    ordered, positions = in_order(keys)
    assert ordered.tolist() == sorted(keys.tolist()) == keys[positions].tolist()
    assert sorted(positions.tolist()) == list(range(500))


def test_no_keys_are_in_order() -> None:
    assert [part.tolist() for part in in_order(np.zeros(0, dtype=np.int64))] == [[], []]
