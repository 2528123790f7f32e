import numpy as np
import pytest

from campaigns.assignment.survey import sampled
from tests.campaigns.assignment.worlds import grocer


def test_a_sample_does_not_depend_on_the_order_of_the_rows():
    problem = grocer(5_000, 3, seed=5)
    order = np.random.default_rng(6).permutation(5_000)
    one, other = sampled(problem.pairs(), sample=500), sampled(problem.reordered(order).pairs(), sample=500)
    assert np.array_equal(one.tie, other.tie)
    assert np.array_equal(one.value, other.value)
    assert abs(len(one.tie) - 500) < 110  # 5 standard deviations


def test_a_sample_does_not_depend_on_how_members_are_split(monkeypatch):
    pairs = grocer(5_000, 3, seed=5).pairs()
    whole = sampled(pairs, sample=500)
    monkeypatch.setattr("campaigns.assignment.survey.PAIRS_AT_ONCE", 1_000)
    assert np.array_equal(sampled(pairs, sample=500).use, whole.use)


def test_a_sample_with_what_is_no_number_is_refused():
    problem = grocer(5_000, 3, seed=5)
    problem.values[:], problem.allowed[:] = np.nan, True
    with pytest.raises(ValueError, match="not numbers"):
        sampled(problem.pairs(), sample=500)
