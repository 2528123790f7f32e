import numpy as np
import pytest

from campaigns.scoring.calibration import Bin, binned, calibration, uplift
from campaigns.scoring.intervals import Estimate
from campaigns.scoring.qini import Decided


def test_bins_hold_as_many_rows_each():
    assert np.bincount(binned(np.random.default_rng(1).random(1_000), 10)).tolist() == [100] * 10


def test_equal_scores_share_a_bin():
    assert binned(np.array([0.0, 5.0, 5.0, 5.0, 5.0, 9.0]), 3).tolist() == [0, 1, 1, 1, 1, 2]


def test_shares_are_beside_what_was_predicted_by_hand():
    outcome = np.array([0, 0, 1, 0, 1, 1, 0, 1])
    low, high = calibration(outcome, np.repeat([0.25, 0.75], 4), bins=2)
    # Wilson's interval of 1 of 4: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
    assert low == Bin(4, 0.25, Estimate(0.25, pytest.approx(0.04559, abs=1e-5), pytest.approx(0.69936, abs=1e-5)))
    assert (high.predicted, high.observed.value) == (0.75, 0.75)


def test_amounts_have_the_interval_of_a_mean():
    (found,) = calibration(np.array([1.0, 2.0, 6.0]), np.full(3, 2.5), bins=1)
    half = 1.959963984540054 * np.std([1, 2, 6], ddof=1) / np.sqrt(3)
    assert found == Bin(3, 2.5, Estimate(3.0, pytest.approx(3 - half), pytest.approx(3 + half)))


def test_true_probabilities_are_calibrated_in_nearly_all_bins():
    rng = np.random.default_rng(2)
    chance = rng.beta(1, 4, 20_000)
    bins = calibration(rng.random(20_000) < chance, chance, bins=100)
    held = sum(each.observed.low <= each.predicted <= each.observed.high for each in bins)
    # 95 of 100, and three standard errors of that count either way.
    assert held >= 88


def test_doubled_probabilities_are_seen_not_to_be():
    """The negative control."""
    rng = np.random.default_rng(2)
    chance = rng.beta(1, 8, 20_000)
    bins = calibration(rng.random(20_000) < chance, 2 * chance, bins=10)
    assert all(each.observed.high < each.predicted for each in bins)


def test_uplift_by_bin_finds_what_was_planted():
    rng = np.random.default_rng(3)
    score = rng.integers(-2, 3, 50_000).astype(float)
    chance = np.where(score > 0, 0.9, 0.5)
    treated = rng.random(50_000) < chance
    outcome = rng.gamma(1.0, 3.0, 50_000) + 5 * score + score * treated
    bins = uplift(Decided(outcome, treated, chance), score, bins=5)
    assert [each.predicted for each in bins] == [-2, -1, 0, 1, 2]
    errors = [(each.observed.high - each.observed.low) / 3.92 for each in bins]
    assert all(abs(each.observed.value - each.predicted) < 3 * error for each, error in zip(bins, errors, strict=True))
    assert max(errors) < 0.15


def test_the_interval_of_uplift_is_welchs_where_chance_is_the_same_for_all():
    outcome, treated = np.array([1.0, 2.0, 6.0, 0.0, 1.0]), np.array([True, True, True, False, False])
    (found,) = uplift(Decided(outcome, treated, np.full(5, 0.6)), np.zeros(5), bins=1)
    half = 1.959963984540054 * np.sqrt(7 / 3 + 0.5 / 2)
    assert found.observed == Estimate(pytest.approx(2.5), pytest.approx(2.5 - half), pytest.approx(2.5 + half))


def test_a_bin_without_held_out_members_tells_no_uplift():
    score = np.repeat([0.0, 1.0], 4)
    treated = np.array([True, True, False, False, True, True, True, True])
    low, high = uplift(Decided(np.arange(8.0), treated, np.full(8, 0.5)), score, bins=2)
    assert low.observed is not None
    assert high.observed is None
