import math

import numpy as np
import pytest

from analytics.measurement.deciles import tenths

RNG = np.random.default_rng(100)


def test_a_tenth_of_the_members_is_in_each() -> None:
    assert np.bincount(tenths(RNG.random(50_000))).tolist() == [5_000] * 10


def test_members_with_the_same_prediction_stay_together() -> None:
    assert np.bincount(tenths(np.repeat([1.0, 2.0], 500)), minlength=10).tolist() == [500, 0, 0, 0, 0, 500, 0, 0, 0, 0]


@pytest.mark.parametrize("members", [1, 3, 10, 11, 999, 1000])
@pytest.mark.parametrize("different", [1, 4, 10**6])
def test_a_tenth_is_the_place_of_the_first_member_with_that_prediction(members: int, different: int) -> None:
    predicted = RNG.integers(different, size=members).astype(float)
    slow = [int((predicted < one).sum()) * 10 // members for one in predicted]
    assert tenths(predicted).tolist() == slow


def test_members_without_a_prediction_are_in_no_tenth() -> None:
    predicted = RNG.random(50_000)
    predicted[:1000] = math.nan
    found = tenths(predicted)
    assert (found[:1000] == -1).all()
    assert (found[1000:] >= 0).all()


def test_of_nobody_there_are_no_tenths() -> None:
    assert tenths(np.array([])).size == 0
