import numpy as np
import pytest

from campaigns.scoring import lifetime


def test_a_year_ahead_is_what_it_learns_unless_the_programme_is_younger():
    rng = np.random.default_rng(1)
    basis, margin = rng.normal(size=(500, 2)).astype(np.float32), rng.gamma(1.0, 30.0, 500)
    assert lifetime.fitted(basis, margin).window_days == 365
    assert lifetime.fitted(basis, margin, window_days=120).window_days == 120


def test_scores_are_in_money_and_add_up_to_what_came():
    rng = np.random.default_rng(2)
    basis = rng.normal(size=(5_000, 2)).astype(np.float32)
    margin = rng.gamma(1.0, 30.0, 5_000) * np.exp(basis[:, 0])
    assert lifetime.fitted(basis, margin).scores(basis).mean() == pytest.approx(margin.mean(), rel=0.01)
