"""Members who spend much are given the offer more often: what chance knew has to be taken off."""

import numpy as np
import pytest

from campaigns.scoring.draws import NOTHING, Draws
from campaigns.scoring.equations import Offers
from campaigns.scoring.history import History
from campaigns.scoring.local import Local
from campaigns.scoring.robinson import equations
from tests.offers.rules.tables import terms

LOCAL = Local(general=2, proportional=1, responding=1, affinities=np.array([0]))
OFFERS = Offers(np.eye(2), np.array([0, 0]), LOCAL)
EFFECTS = np.array([[1.0, 0.5], [-0.5, 0.0]])  # of two offers: for everybody, and with the member's second column


def _history(chances: np.ndarray, *, members: int = 60_000, run: np.ndarray | None = None, seed: int = 0) -> History:
    """Members with a positive second column are drawn by the second row of chances."""
    rng = np.random.default_rng(seed)
    rows = np.column_stack([np.ones(members), rng.normal(size=members)]).astype(np.float32)
    design = (rows[:, 1] > 0).astype(np.int32)
    bounds = np.cumsum(chances[design], axis=1)
    drawn = (rng.random(members)[:, None] > bounds).sum(axis=1)
    offer = np.where(drawn == 2, NOTHING, drawn).astype(np.int32)
    effect = np.einsum("mc,mc->m", rows, np.vstack([EFFECTS, np.zeros(2)])[drawn])
    margin = 10 + 5 * rows[:, 1] + effect + rng.normal(size=members)
    draws = Draws(terms(2), np.zeros(2, np.int32), offer, design, chances, rows, ("one", "other"))
    none = np.zeros(members)
    return History(none if run is None else run, none.astype(str), none, none.astype(bool), margin, draws=draws)


def _found(history: History, draws: Draws | None = None) -> np.ndarray:
    """(2, 2): least squares of the weights that the equations have of the general columns."""
    both = equations(history, draws or history.draws, OFFERS)
    gram = both.gram[:, :2, :, :2].reshape(4, 4)
    return np.linalg.solve(gram, both.moment[:, :2].ravel()).reshape(2, 2)


UNEVEN = np.array([[0.2, 0.4], [0.6, 0.1]])


def test_planted_effects_are_recovered_though_chance_was_uneven():
    # Of 60,000 decisions with a noise of 1, standard errors are about 0.01.
    assert _found(_history(UNEVEN)) == pytest.approx(EFFECTS, abs=0.06)


def test_with_the_wrong_chances_they_are_not():
    history = _history(UNEVEN)
    even = Draws(**{**vars(history.draws), "chances": np.full((2, 2), 1 / 3)})
    assert np.abs(_found(history, even) - EFFECTS).max() > 0.2


def test_offers_that_some_could_not_get_say_nothing_of_those():
    assert _found(_history(np.array([[0.0, 0.5], [0.4, 0.4]]))) == pytest.approx(EFFECTS, abs=0.15)


def test_members_are_compared_within_their_own_run():
    run = np.random.default_rng(1).integers(0, 2, 60_000)
    history = _history(UNEVEN, run=run)
    shifted = History(**{**vars(history), "margin": history.margin + 100.0 * run})
    assert _found(shifted) == pytest.approx(EFFECTS, abs=0.06)


def test_intervals_of_effects_cover_the_planted_ones():
    """The noise of the equations has the variance 1, so the inverse of the gram matrix is the variance of effects."""
    covered = []
    for seed in range(100):
        both = equations(*(lambda each: (each, each.draws))(_history(UNEVEN, members=4_000, seed=seed)), OFFERS)
        inverse = np.linalg.inv(both.gram[:, :2, :, :2].reshape(4, 4))
        off = inverse @ both.moment[:, :2].ravel() - EFFECTS.ravel()
        covered.append(np.abs(off) <= 1.96 * np.sqrt(np.diag(inverse)))
    # 95 % of 400, of which 4 come from one world: 3 standard errors are 4 points.
    assert 0.90 <= np.mean(covered) <= 0.99
