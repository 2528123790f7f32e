"""Who is moved by offers at all is found from chance, though margins without any offer vary far more."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import basis as bases
from campaigns.scoring import multiplicative
from campaigns.scoring.basis import Basis
from campaigns.scoring.eagerness import Eagerness
from campaigns.scoring.effects import usual_margin
from campaigns.scoring.history import History
from config.bench import planted, shoppers

DECISIONS = 40_000


@pytest.fixture(scope="module")
def learned() -> tuple[Basis, History]:
    rng = np.random.default_rng(1)
    members = shoppers.profiles(DECISIONS, rng)
    basis = bases.fitted(members)
    return basis, planted.history(planted.world(2, strength=3.0), members, basis, rng)


def _eagerness(basis: Basis, history: History) -> Eagerness:
    return multiplicative.learned(history, history.draws, basis, scale=usual_margin(history))


def _eager(found: Eagerness, basis: Basis, history: History) -> np.ndarray:
    return found.of(history.draws.basis[:, : basis.general].T)


def _moved(strength: float, members: shoppers.Profiles) -> np.ndarray:
    return planted.world(2, strength=strength).truth(members).margin.mean(axis=1)


def _later() -> shoppers.Profiles:
    return shoppers.profiles(5_000, np.random.default_rng(2))


def test_members_whom_offers_move_are_found_eager(learned):
    basis, history = learned
    later = _later()
    eager = _eagerness(basis, history).of(basis.rows(later)[:, : basis.general].T)
    moved = _moved(3.0, later)
    keenest = eager >= np.quantile(eager, 0.9)
    assert moved[keenest].mean() > 3 * moved.mean()


def test_shuffled_outcomes_find_nobody_eager(learned):
    basis, history = learned
    shuffled = replace(history, margin=np.random.default_rng(3).permutation(history.margin))
    by_chance, found = (_eager(_eagerness(basis, each), basis, each).std() for each in (shuffled, history))
    assert by_chance < 0.5 * found


def test_the_average_member_is_eager_by_1(learned):
    basis, history = learned
    assert _eager(_eagerness(basis, history), basis, history).mean() == pytest.approx(1.0, abs=1e-3)


def test_the_currency_does_not_matter(learned):
    basis, history = learned
    pence = replace(history, margin=100 * history.margin)
    same, other = (_eager(_eagerness(basis, each), basis, each) for each in (history, pence))
    # As near as steps settle: half a unit of twice the log likelihood.
    assert np.corrcoef(same, other)[0, 1] > 0.99


def test_a_step_goes_where_differences_say(learned):
    """The slope by which steps are made is that of the misfit, by finite differences."""
    basis, history = learned
    few = history.take(np.arange(4_000))
    evidence = multiplicative._evidence(few, few.draws, basis, np.arange(4_000))
    prior = multiplicative._prior(basis, usual_margin(few))
    at, by = prior.mean + 0.01, 1e-3
    found = multiplicative._seen(evidence, prior, at)
    for weight in (0, 3, basis.general - 1, basis.general, len(at) - 1):
        step = by * np.eye(len(at))[weight]
        lower, upper = (multiplicative._seen(evidence, prior, at + sign * step).misfit for sign in (-1, 1))
        assert found.slope[weight] == pytest.approx(-(upper - lower) / (4 * by), rel=0.02, abs=0.05)
