"""What it takes for a score to be right on members who were not learned from."""

import numpy as np
import pytest
from scipy.special import expit

from campaigns.scoring import learner
from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.learner import learnt
from campaigns.scoring.links import LOGISTIC
from campaigns.scoring.newton import Cases


def noise(seed: int, members: int, *, columns: int = 10, share: float = 0.3) -> Cases:
    """Columns that say nothing of who responds."""
    rng = np.random.default_rng(seed)
    basis = rng.normal(size=(members, columns)).astype(np.float32)
    return Cases.alike(basis, (rng.random(members) < share).astype(float))


def test_what_says_nothing_is_hardly_used():
    cases = noise(1, 400, columns=100)
    assert expit(learnt(cases, LOGISTIC, members=np.arange(400)).added(cases)).std() < 0.05


def test_it_is_never_the_wrong_way_round_for_those_who_taught_it():
    for seed in range(20):
        cases = noise(seed, 50)
        came = np.zeros(50)
        came[0] = 1.0
        added = learnt(Cases.alike(cases.basis, came), LOGISTIC, members=np.arange(50)).added(cases)
        assert added[0] >= added.mean() - 1e-6


def test_it_takes_some_of_very_many_to_choose_the_ridge_and_all_to_learn(monkeypatch):
    """Members in the order of their numbers, of which every fifth is chosen: they must not end up in one fold."""
    cases = noise(2, 1_000, columns=1)
    came = (np.random.default_rng(3).random(1_000) < expit(2 * cases.basis[:, 0])).astype(float)
    cases = Cases.alike(cases.basis, came)
    whole = learnt(cases, LOGISTIC, members=np.arange(1_000))
    monkeypatch.setattr(learner, "CHOSEN_ON", 200)
    some = learnt(cases, LOGISTIC, members=np.arange(1_000))
    assert some.slopes[0, 0] == pytest.approx(whole.slopes[0, 0], rel=0.2)


def test_what_is_too_rare_to_be_among_some_is_learned_from_all(monkeypatch):
    monkeypatch.setattr(learner, "CHOSEN_ON", 100)
    cases = noise(5, 1_000, columns=1)
    came = (np.arange(1_000) % 50 == 1).astype(float)  # none of every tenth
    found = learnt(Cases.alike(cases.basis, came), LOGISTIC, members=np.arange(1_000))
    assert expit(found.added(cases)).mean() == pytest.approx(0.02, rel=0.1)


def test_a_handful_of_members_teach_nothing():
    with pytest.raises(NotMeasured, match="fewer than 5 members"):
        learnt(noise(4, 40), LOGISTIC, members=np.repeat(np.arange(4), 10))
