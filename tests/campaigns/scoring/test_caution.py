import json

import numpy as np
import pytest

from campaigns.scoring.caution import Caution, learned
from campaigns.scoring.local import Local
from campaigns.scoring.shrinkage import Posterior

LOCAL = Local(general=3, proportional=1, responding=1, affinities=np.array([0]))
FEATURES = np.array([[1.0, 0.0], [1.0, 1.0]])


def _posterior(seed: int) -> Posterior:
    root = np.random.default_rng(seed).normal(size=(2 * LOCAL.size, 2 * LOCAL.size))
    shape = (2, LOCAL.size, 2, LOCAL.size)
    return Posterior(np.zeros((2, LOCAL.size)), (root @ root.T).reshape(shape), np.ones(1))


def _caution(posterior: Posterior, usual: np.ndarray) -> Caution:
    return learned(
        posterior, usual=usual, features=FEATURES, new_offer=np.full(LOCAL.size, 0.5), at_average=LOCAL.at_average()
    )


def test_an_offers_variance_is_that_of_its_value_over_members():
    rng, posterior = np.random.default_rng(0), _posterior(1)
    local = rng.normal(size=(2_000, LOCAL.size))
    found = _caution(posterior, local.T @ local / len(local)).errors(FEATURES, np.array([True, True]))
    for features, error in zip(FEATURES, found, strict=True):
        weights = np.einsum("f,fbgd,g->bd", features, posterior.covariance, features)
        assert error**2 == pytest.approx(np.einsum("nb,bd,nd->n", local, weights, local).mean())


def test_a_new_offer_is_less_certain():
    caution = _caution(_posterior(2), np.eye(LOCAL.size))
    known, new = (caution.errors(FEATURES, np.array([each, each])) for each in (True, False))
    assert new**2 - known**2 == pytest.approx([0.5 * LOCAL.size] * 2)


def test_members_are_as_unusual_as_their_rows_are_uncertain():
    posterior = _posterior(3)
    rows = np.column_stack([np.ones(500), np.random.default_rng(4).normal(size=(500, 2))]).astype(np.float32)
    average = np.hstack([rows, rows[:, :1], rows[:, :1]]).astype(np.float64)
    caution = _caution(posterior, average.T @ average / len(rows))
    together = np.einsum("kf,fbgd,kg->bd", FEATURES, posterior.covariance, FEATURES)
    exact = np.sqrt(np.einsum("nb,bd,nd->n", average, together, average))
    found = caution.unusual(rows)[:, 0]
    assert (found**2).mean() == pytest.approx(1.0, abs=1e-4)
    assert found / found.mean() == pytest.approx(exact / exact.mean(), rel=1e-3)


def test_caution_survives_being_stored():
    caution = _caution(_posterior(5), np.eye(LOCAL.size))
    again = Caution.from_json(json.loads(json.dumps(caution.to_json())))
    assert np.array_equal(again.offers, caution.offers)
    assert np.array_equal(again.members, caution.members)
    assert again.new_offer == caution.new_offer
