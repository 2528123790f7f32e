import numpy as np
import pytest

from campaigns.scoring.surprise import MOST_RELIABLE, surprise


def _rows(members: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack([np.ones(members), rng.normal(size=(members, 3))]).astype(np.float32)


def test_what_members_tell_of_their_margin_is_taken_off():
    rows = _rows(20_000, 0)
    margin = rows @ np.array([10.0, 3.0, 0.0, -2.0]) + np.random.default_rng(1).normal(size=20_000)
    found = surprise(rows, margin)
    assert found.residual.std() == pytest.approx(1.0, abs=0.03)
    assert abs(np.corrcoef(found.residual, rows[:, 1])[0, 1]) < 0.02


def test_weighted_surprises_have_a_variance_of_one():
    rows = _rows(20_000, 2)
    margin = 7.0 * np.random.default_rng(3).gamma(1.0, 5.0, 20_000)
    found = surprise(rows, margin)
    assert (found.weight * found.residual**2).mean() == pytest.approx(1.0)


def test_margins_that_vary_more_count_less():
    rows = _rows(40_000, 4)
    noise = np.random.default_rng(5).normal(size=40_000)
    found = surprise(rows, np.exp(rows[:, 1]) * noise)
    steady, wild = found.weight[rows[:, 1] < -1].mean(), found.weight[rows[:, 1] > 1].mean()
    assert steady > 5 * wild


def test_no_margin_counts_more_than_it_may():
    rows = _rows(5_000, 6)
    weight = surprise(rows, np.exp(4 * rows[:, 1]) * np.random.default_rng(7).normal(size=5_000)).weight
    assert weight.max() / np.median(weight) <= MOST_RELIABLE * 1.001


def test_margins_that_are_all_alike_surprise_nobody():
    found = surprise(_rows(100, 8), np.zeros(100))
    assert np.abs(found.residual).max() == 0
    assert np.isfinite(found.weight).all()
