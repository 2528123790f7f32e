import numpy as np
import pytest
from scipy.special import expit
from threadpoolctl import threadpool_limits

from campaigns.scoring import offering, redemption
from campaigns.scoring.affinity import PRIOR_REDEMPTION
from campaigns.scoring.equations import Offers
from campaigns.scoring.families import families
from campaigns.scoring.local import Local
from tests.offers.rules.tables import terms

LOCAL = Local(general=3, proportional=1, responding=1, affinities=np.array([0, 3]))
TERMS = terms(2, kinds=["percent", "points"], departments=["Drinks", "Drinks"], value=[10.0, 100.0])
TRUTH = np.array([[-2.5, 0.6, -0.3, 0.5, 0.0], [-1.5, -0.4, 0.0, 0.2, 0.0]])


@threadpool_limits.wrap(limits=1, user_api="blas")
def _learned(decisions: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """For later members, the probabilities learned and true."""
    rng = np.random.default_rng(seed)
    found = offering.fitted(TERMS, day=np.zeros(2), given=np.ones(2, dtype=int))
    offers = Offers(found.rows(TERMS, day=0), np.array([3, 3]), LOCAL)
    offer, rows = rng.integers(0, 2, decisions), _rows(decisions, rng)
    redeemed = rng.random(decisions) < _true(rows, offer)
    weights = redemption.learned(rows, redeemed, offer, offers, families(found, LOCAL, **redemption.BEFOREHAND))
    later, given = _rows(5_000, rng), rng.integers(0, 2, 5_000)
    logits = np.einsum("nc,nc->n", LOCAL.rows(later, 3), (offers.features @ weights)[given])
    return expit(logits), _true(later, given)


def _rows(members: int, rng: np.random.Generator) -> np.ndarray:
    affinity = rng.gamma(2.0, 0.5, members)
    return np.column_stack([np.ones(members), rng.normal(size=(members, 2)), affinity]).astype(np.float32)


def _true(rows: np.ndarray, offer: np.ndarray) -> np.ndarray:
    return expit(np.einsum("nc,nc->n", LOCAL.rows(rows, 3), TRUTH[offer]))


def test_planted_probabilities_are_recovered():
    found, true = _learned(100_000)
    assert np.abs(found - true).max() < 0.05


def test_probabilities_mean_what_they_say():
    found, true = _learned(50_000, seed=1)
    order = np.argsort(found)
    for tenth in np.array_split(order, 10):
        assert found[tenth].mean() == pytest.approx(true[tenth].mean(), abs=0.02)


def test_more_decisions_teach_more_and_a_few_do_not_lead_far_astray():
    few, many = (np.abs(found - true).mean() for found, true in (_learned(100, seed=2), _learned(20_000, seed=2)))
    assert many < few < 0.1


def test_without_decisions_an_average_member_redeems_with_the_prior_probability():
    found = offering.NONE
    offers = Offers(found.rows(TERMS, day=0), np.array([3, 3]), LOCAL)
    none = np.zeros((0, 4), dtype=np.float32)
    weights = redemption.learned(
        none, np.zeros(0, dtype=bool), np.zeros(0, dtype=int), offers, families(found, LOCAL, **redemption.BEFOREHAND)
    )
    average = LOCAL.rows(np.array([[1, 0, 0, 1.0]], dtype=np.float32), 3)
    assert expit(average @ (offers.features @ weights)[0]) == pytest.approx([PRIOR_REDEMPTION])


@pytest.mark.parametrize("redeemed", [False, True])
def test_where_all_or_none_redeem_the_weights_stay_finite(redeemed):
    rng = np.random.default_rng(4)
    found = offering.fitted(TERMS, day=np.zeros(2), given=np.ones(2, dtype=int))
    offers = Offers(found.rows(TERMS, day=0), np.array([3, 3]), LOCAL)
    weights = redemption.learned(
        _rows(500, rng),
        np.full(500, redeemed),
        rng.integers(0, 2, 500),
        offers,
        families(found, LOCAL, **redemption.BEFOREHAND),
    )
    assert np.isfinite(weights).all()
