"""Scores per member on planted members: as good as the truth allows, calibrated, and the same after being stored."""

import json

import numpy as np
import pytest
from scipy.special import expit

from campaigns.scoring import quality
from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.member_scorer import MemberScorer

SLOPES = np.array([1.0, -0.6, 0.3, 0.0, 0.0])


def columns(seed: int, members: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(members, len(SLOPES))).astype(np.float32)


def left(seed: int, members: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, the true chance of leaving, and who left."""
    basis = columns(seed, members)
    chance = expit(basis @ SLOPES - 1.5)
    return basis, chance, np.random.default_rng(seed + 1).random(members) < chance


def brought(seed: int, members: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, the true margin to be expected, and what came: nothing from most, a great deal from a few."""
    basis = columns(seed, members)
    expected = 40 * np.exp(basis @ SLOPES)
    rng = np.random.default_rng(seed + 1)
    return basis, expected, expected * 5 * (rng.random(members) < 0.2) * rng.lognormal(-0.5, 1.0, members)


def test_it_finds_who_leaves_almost_as_well_as_the_truth_does():
    basis, happened = left(1, 20_000)[::2]
    later, chance, gone = left(2, 50_000)
    found = MemberScorer.of_chance(basis, happened, window_days=90).scores(later)
    assert quality.auc(gone, found, over=chance).low > -0.002
    assert quality.log_loss(gone, found, over=chance).high < 0.001


def test_chances_mean_what_they_say_at_both_ends():
    basis, happened = left(3, 20_000)[::2]
    later, _, gone = left(4, 50_000)
    bins = quality.calibration(gone, MemberScorer.of_chance(basis, happened, window_days=90).scores(later))
    assert [each.predicted for each in bins] == pytest.approx([each.observed.value for each in bins], abs=0.02)


def test_amounts_mean_what_they_say_in_every_tenth():
    basis, came = brought(5, 50_000)[::2]
    later, expected, _ = brought(6, 50_000)
    bins = quality.calibration(expected, MemberScorer.of_amount(basis, came, window_days=365).scores(later))
    # Over repeated worlds of this size the ends are off by 9 %, in the root of the mean square: three times that.
    assert [each.predicted for each in bins] == pytest.approx([each.observed.value for each in bins], rel=0.27)


def test_few_members_with_nothing_to_learn_get_hardly_different_scores():
    rng = np.random.default_rng(7)
    basis = rng.normal(size=(300, 60)).astype(np.float32)
    found = MemberScorer.of_chance(basis, rng.random(300) < 0.3, window_days=90).scores(basis)
    assert found.std() < 0.05
    assert found.mean() == pytest.approx(0.3, abs=0.08)


def test_it_is_the_same_after_being_stored():
    basis, came = brought(8, 2_000)[::2]
    fitted = MemberScorer.of_amount(basis, came, window_days=365)
    stored = MemberScorer.from_json(json.loads(json.dumps(fitted.to_json())))
    assert stored.scores(basis).tobytes() == fitted.scores(basis).tobytes()
    assert (stored.window_days, stored.learned_from) == (365, 2_000)


def test_who_cost_more_than_they_brought_counts_as_nothing():
    basis, came = brought(9, 2_000)[::2]
    lost = np.where(came > 0, came, -5.0)
    assert MemberScorer.of_amount(basis, lost, window_days=365).level == pytest.approx(
        MemberScorer.of_amount(basis, came, window_days=365).level
    )


def test_rows_of_a_member_are_left_out_together():
    """With each member five times, leaving out rows and not members would take noise for knowledge."""
    rng = np.random.default_rng(10)
    basis = np.repeat(rng.normal(size=(100, 20)).astype(np.float32), 5, axis=0)
    happened = np.repeat(rng.random(100) < 0.3, 5)
    honest = MemberScorer.of_chance(basis, happened, window_days=90, members=np.repeat(np.arange(100), 5))
    fooled = MemberScorer.of_chance(basis, happened, window_days=90)
    assert honest.scores(basis).std() < 0.1 < 0.2 < fooled.scores(basis).std()


@pytest.mark.parametrize("happened", [np.zeros(50), np.ones(50)])
def test_where_the_same_happened_to_all_nothing_is_learned(happened):
    with pytest.raises(NotMeasured, match="the same came of all"):
        MemberScorer.of_chance(columns(11, 50), happened, window_days=90)
