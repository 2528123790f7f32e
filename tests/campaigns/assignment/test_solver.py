import numpy as np
import pytest

from campaigns.assignment.pairs import Whole
from campaigns.assignment.solver import assign
from tests.campaigns.assignment.worlds import ties, unlimited


def test_an_offer_that_may_not_be_given_is_not():
    values = np.array([[5.0, -np.inf], [-np.inf, 3.0], [-np.inf, -np.inf]], dtype=np.float32)
    found = assign(Whole(values, np.zeros_like(values), ties(3, 0)), unlimited(2))
    assert found.offer.tolist() == [[0], [1], [-1]]
    assert found.value == pytest.approx(8.0)
