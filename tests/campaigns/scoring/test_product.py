import numpy as np
import pytest

from campaigns.scoring.local import Local
from campaigns.scoring.product import prepared, sigmoid_of_double

LOCAL = Local(general=4, proportional=2, responding=3, affinities=np.array([0, 4, 5]))


def _rows(members: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    general = np.column_stack([np.ones(members), rng.normal(size=(members, 3))])
    return np.column_stack([general, rng.gamma(2.0, 0.5, (members, 2))]).astype(np.float32)


@pytest.mark.parametrize("affinities", [[4, 5, 4], [4, 0, 5], [0, 0, 0], []])
def test_the_product_is_that_of_local_rows_and_weights(affinities):
    rng, rows = np.random.default_rng(1), _rows(50)
    weights = [rng.normal(size=(len(affinities), LOCAL.size)) for _ in range(2)]
    found = prepared(LOCAL, weights, np.array(affinities, dtype=np.intp)).of(rows)
    for thing, own in zip(found, weights, strict=True):
        expected = [LOCAL.rows(rows, column) @ each for column, each in zip(affinities, own, strict=True)]
        assert thing == pytest.approx(np.reshape(expected, (len(affinities), 50)).T, abs=1e-4)


def test_a_sigmoid_is_one_over_one_plus_the_exponential():
    logits = np.linspace(-80, 80, 999)
    expected = 1 / (1 + np.exp(-logits))
    assert sigmoid_of_double((logits / 2).astype(np.float32)) == pytest.approx(expected, abs=2e-7)
