"""Propensity on planted members who like one department and respond to offers of it."""

import json

import numpy as np
import pytest
from scipy.special import expit

from campaigns.scoring import quality
from campaigns.scoring.baselines import Baseline
from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.propensity import HELD_OUT, Propensity

# Four offers of three departments; the last has not been given yet.
FEATURES = np.array([[1.0, 0, 0, 0.2], [0, 1.0, 0, 0.2], [0, 0, 1.0, 0.2], [0, 1.0, 0, 0.8]])
GIVEN = 3


def chances(basis: np.ndarray) -> np.ndarray:
    """(n, 4): the true chance of a response to each offer: by taste for its department, and by its depth."""
    return expit(1.5 * basis @ FEATURES[:, :3].T + 2 * FEATURES[:, 3] - 2.5)


def decisions(seed: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tastes, the offer that chance gave, and whether they responded; without an offer one in twenty does."""
    rng = np.random.default_rng(seed)
    basis = rng.normal(size=(count, 3)).astype(np.float32)
    offer = rng.integers(HELD_OUT, GIVEN, count)
    chance = np.where(offer == HELD_OUT, 0.05, chances(basis)[np.arange(count), offer])
    return basis, offer, rng.random(count) < chance


@pytest.fixture(scope="module")
def fitted() -> Propensity:
    basis, offer, responded = decisions(1, 40_000)
    return Propensity.fit(basis, offer, FEATURES, responded, window_days=14)


def test_chances_with_an_offer_are_near_the_planted_ones(fitted):
    basis = decisions(2, 2_000)[0]
    assert np.abs(fitted.with_offer(basis, FEATURES) - chances(basis))[:, :GIVEN].mean() < 0.02


def test_without_an_offer_members_respond_as_those_held_out_did(fitted):
    assert fitted.without_offer(decisions(3, 2_000)[0]).mean() == pytest.approx(0.05, abs=0.01)


def test_an_offer_that_was_never_given_ranks_members_by_its_features(fitted):
    basis = decisions(4, 2_000)[0]
    assert np.corrcoef(fitted.with_offer(basis, FEATURES)[:, GIVEN], chances(basis)[:, GIVEN])[0, 1] > 0.95


def test_on_later_decisions_chances_mean_what_they_say(fitted):
    basis, offer, responded = decisions(5, 60_000)
    given = offer != HELD_OUT
    found = fitted.with_offer(basis[given], FEATURES)[np.arange(given.sum()), offer[given]]
    bins = quality.calibration(responded[given], found)
    assert [each.predicted for each in bins] == pytest.approx([each.observed.value for each in bins], abs=0.02)


def test_the_next_best_offer_is_hit_more_often_than_by_popularity(fitted):
    _, offer, responded = decisions(6, 40_000)
    given = offer != HELD_OUT
    popular = Baseline.fit(offer[given], responded[given], groups=GIVEN).scores(np.arange(GIVEN))
    later = decisions(7, 20_000)[0]
    taken = np.random.default_rng(8).random((20_000, GIVEN)) < chances(later)[:, :GIVEN]
    found = fitted.with_offer(later, FEATURES)[:, :GIVEN]
    assert quality.hit_rate(taken, found, most=1, over=np.tile(popular, (20_000, 1))).low > 0


def test_it_is_the_same_after_being_stored(fitted):
    basis = decisions(9, 100)[0]
    stored = Propensity.from_json(json.loads(json.dumps(fitted.to_json())))
    assert stored.with_offer(basis, FEATURES).tobytes() == fitted.with_offer(basis, FEATURES).tobytes()
    assert stored.without_offer(basis).tobytes() == fitted.without_offer(basis).tobytes()


def test_the_order_of_decisions_does_not_matter():
    basis, offer, responded = decisions(10, 4_000)
    order = np.random.default_rng(0).permutation(4_000)
    members = np.arange(4_000)
    one = Propensity.fit(basis, offer, FEATURES, responded, window_days=14, members=members)
    other = Propensity.fit(
        basis[order], offer[order], FEATURES, responded[order], window_days=14, members=members[order]
    )
    assert one.with_offer(basis, FEATURES) == pytest.approx(other.with_offer(basis, FEATURES), abs=1e-3)


def test_where_nobody_was_held_out_there_is_no_propensity():
    basis, offer, responded = decisions(11, 400)
    with pytest.raises(NotMeasured):
        Propensity.fit(basis, np.maximum(offer, 0), FEATURES, responded, window_days=14)
