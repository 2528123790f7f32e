import numpy as np
import pytest

from campaigns.scoring import basis as bases
from campaigns.scoring.local import Local, affinity_columns, local
from config.bench import shoppers

ROWS = np.array([[1, 2, 3, 4.0, 0.25], [1, 5, 6, 1.0, 1.0]], dtype=np.float32)  # three general columns, two affinities
LOCAL = Local(general=3, proportional=1, responding=2, affinities=np.array([0, 3, 4]))


def test_a_local_row_is_general_columns_affinity_and_what_responds():
    assert LOCAL.rows(ROWS, 3).tolist() == [[1, 2, 3, 4, 2, 4], [1, 5, 6, 1, 1, 5]]


def test_without_a_department_affinity_is_one():
    assert LOCAL.rows(ROWS, 0)[0].tolist() == [1, 2, 3, 1, 1, 2]


def test_expanded_rows_hold_every_local_row():
    columns = LOCAL.columns(np.array([4, 0, 3]))
    assert columns.shape == (3, LOCAL.size)
    for own, column in zip(columns, (4, 0, 3), strict=True):
        assert np.array_equal(LOCAL.expanded(ROWS)[:, own], LOCAL.rows(ROWS, column))


def test_where_affinity_is_average_weights_are_of_general_columns():
    weights = np.arange(1.0, LOCAL.size + 1)
    average = ROWS.copy()
    average[:, 3] = 1
    folded = LOCAL.at_average() @ weights
    assert average[:, :3] @ folded == pytest.approx(LOCAL.rows(average, 3) @ weights)


def test_a_department_that_the_basis_does_not_know_counts_as_none():
    basis = bases.fitted(shoppers.profiles(500, np.random.default_rng(0)))
    columns = affinity_columns(basis, ["Coffee", None, "Nowhere"])
    assert columns.tolist() == [basis.names.index("affinity:Coffee"), 0, 0]
    assert local(basis, ["Coffee", None]).affinities.tolist() == sorted({0, int(columns[0])})
