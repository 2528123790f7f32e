import json

import numpy as np
import pytest

from campaigns.scoring import caution as module
from campaigns.scoring.caution import Caution, learned
from campaigns.scoring.local import Local
from campaigns.scoring.shrinkage import Posterior

LOCAL = Local(general=3, proportional=1, responding=2, affinities=np.array([0, 3]))
FEATURES = np.array([[1.0, 0.0], [1.0, 1.0]])
COLUMNS = np.array([0, 3])  # no department, and one


def _posterior(seed: int) -> Posterior:
    root = np.random.default_rng(seed).normal(size=(2 * LOCAL.size, 2 * LOCAL.size))
    shape = (2, LOCAL.size, 2, LOCAL.size)
    return Posterior(np.zeros((2, LOCAL.size)), (root @ root.T).reshape(shape), np.ones(1))


def _rows(members: int = 500) -> np.ndarray:
    """Everybody's column, two of what members do, and an affinity."""
    rng = np.random.default_rng(4)
    general = np.column_stack([np.ones(members), rng.normal(size=(members, 2))])
    return np.column_stack([general, rng.gamma(2.0, 0.5, members)]).astype(np.float32)


def _usual(rows: np.ndarray) -> np.ndarray:
    return np.mean([local.T @ local / len(local) for local in _locals(rows)], axis=0)


def _locals(rows: np.ndarray) -> list[np.ndarray]:
    return [LOCAL.rows(rows, column).astype(np.float64) for column in COLUMNS.tolist()]


def _caution(posterior: Posterior, usual: np.ndarray, *, believed: float = 0.0) -> Caution:
    return learned(
        posterior,
        usual=usual,
        features=FEATURES,
        believed=np.full((2, LOCAL.size), believed),
        new_offer=np.full(LOCAL.size, 0.5),
    )


def _variance(posterior: Posterior, features: np.ndarray, local: np.ndarray) -> np.ndarray:
    weights = np.einsum("f,fbgd,g->bd", features, posterior.covariance, features)
    return np.einsum("nb,bd,nd->n", local, weights, local)


def test_an_offers_variance_is_that_of_its_value_over_members():
    posterior, local = _posterior(1), _locals(_rows())[0]
    found = _caution(posterior, local.T @ local / len(local)).errors(FEATURES, np.array([True, True]))
    for features, error in zip(FEATURES, found, strict=True):
        assert error**2 == pytest.approx(_variance(posterior, features, local).mean())


def test_a_new_offer_is_less_certain():
    caution = _caution(_posterior(2), np.eye(LOCAL.size))
    known, new = (caution.errors(FEATURES, np.array([each, each])) for each in (True, False))
    assert new**2 - known**2 == pytest.approx([0.5 * LOCAL.size] * 2)


def test_a_share_of_what_weights_vary_by_is_never_known(monkeypatch):
    monkeypatch.setattr(module, "MISFIT", 0.25)
    sure = Posterior(np.zeros((2, LOCAL.size)), np.zeros((2, LOCAL.size, 2, LOCAL.size)), np.ones(1))
    found = _caution(sure, np.eye(LOCAL.size), believed=4.0).errors(FEATURES, np.array([True, True]))
    assert found**2 == pytest.approx([LOCAL.size, 2 * LOCAL.size])  # by one feature, and by two


def test_members_are_as_unusual_as_values_for_them_are_uncertain():
    posterior, rows = _posterior(3), _rows()
    found = _caution(posterior, _usual(rows)).unusual(rows, LOCAL, COLUMNS)
    together = np.column_stack([sum(_variance(posterior, each, local) for each in FEATURES) for local in _locals(rows)])
    assert found**2 == pytest.approx(together / together.mean(), rel=1e-2, abs=1e-3)


def test_members_are_unusual_by_their_affinity_for_the_department():
    rows = _rows()
    caution = _caution(_posterior(3), _usual(rows))
    fonder = rows + np.array([0, 0, 0, 1], dtype=np.float32)
    before, after = (caution.unusual(each, LOCAL, COLUMNS) for each in (rows, fonder))
    assert np.array_equal(before[:, 0], after[:, 0])
    assert not np.allclose(before[:, 1], after[:, 1], rtol=0.01)


def test_members_are_usual_on_average():
    rows = _rows()
    found = _caution(_posterior(3), _usual(rows)).unusual(rows, LOCAL, COLUMNS)
    assert (found**2).mean() == pytest.approx(1.0, abs=1e-3)


def test_the_foremost_directions_come_close(monkeypatch):
    rows, posterior = _rows(), _posterior(6)
    whole = _caution(posterior, _usual(rows)).unusual(rows, LOCAL, COLUMNS)
    for directions, nearly in ((3, True), (1, False)):
        monkeypatch.setattr(module, "DIRECTIONS", directions)
        part = _caution(posterior, _usual(rows)).unusual(rows, LOCAL, COLUMNS)
        assert (np.corrcoef(part.ravel(), whole.ravel())[0, 1] > 0.9) == nearly


def test_columns_that_are_the_same_for_all_leave_it_finite():
    rows = _rows()
    rows[:, 2] = 0
    assert np.isfinite(_caution(_posterior(3), _usual(rows)).unusual(rows, LOCAL, COLUMNS)).all()


def test_caution_survives_being_stored():
    caution = _caution(_posterior(5), np.eye(LOCAL.size))
    again = Caution.from_json(json.loads(json.dumps(caution.to_json())))
    assert np.array_equal(again.offers, caution.offers)
    assert np.array_equal(again.members, caution.members)
    assert again.new_offer == caution.new_offer
