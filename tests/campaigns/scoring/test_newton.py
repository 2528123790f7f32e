import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression, PoissonRegressor

from campaigns.scoring import newton
from campaigns.scoring.links import EXPONENTIAL, LOGISTIC
from campaigns.scoring.newton import Cases

# Columns are kept in single precision.
SINGLE = 1e-4


@pytest.fixture
def columns() -> np.ndarray:
    """Standardised, so that the penalty is the same for us and for others."""
    drawn = np.random.default_rng(1).normal(size=(3_000, 4))
    return ((drawn - drawn.mean(axis=0)) / drawn.std(axis=0)).astype(np.float32)


def test_chances_are_those_of_scikit_learn(columns):
    happened = np.random.default_rng(2).random(3_000) < expit(columns @ [1.0, -0.5, 0, 0] - 1)
    ours = newton.fitted(Cases.alike(columns, happened.astype(float)), LOGISTIC, ridge=10.0)
    theirs = LogisticRegression(C=0.1, tol=1e-10).fit(columns, happened)
    assert ours.slopes[:, 0] == pytest.approx(theirs.coef_[0], abs=SINGLE)
    assert ours.level == pytest.approx(theirs.intercept_, abs=SINGLE)


def test_amounts_are_those_of_scikit_learn(columns):
    rng = np.random.default_rng(3)
    came = np.exp(columns @ [0.5, -0.5, 0, 0]) * rng.gamma(1.0, 1.0, 3_000)
    ours = newton.fitted(Cases.alike(columns, came), EXPONENTIAL, ridge=30.0)
    theirs = PoissonRegressor(alpha=0.01, tol=1e-10, max_iter=1_000).fit(columns, came)
    assert ours.slopes[:, 0] == pytest.approx(theirs.coef_, abs=SINGLE)
    assert ours.level == pytest.approx(theirs.intercept_, abs=SINGLE)


def test_weights_of_offers_are_those_of_all_products_of_columns_and_features(columns):
    rng = np.random.default_rng(4)
    features = np.column_stack([np.ones(3), [0.0, 1.0, 2.0]])
    offer = np.sort(rng.integers(0, 3, 3_000))
    happened = rng.random(3_000) < expit(columns @ [1.0, 0, 0, 0] * features[offer, 1] - 1)
    ours = newton.fitted(Cases(columns, offer, features, happened.astype(float)), LOGISTIC, ridge=1e-3)
    products = (np.column_stack([np.ones(3_000), columns])[:, :, None] * features[offer][:, None, :]).reshape(3_000, 10)
    theirs = LogisticRegression(C=1e3, tol=1e-10, max_iter=1_000).fit(products[:, 1:], happened)
    assert np.vstack([ours.level, ours.slopes]).ravel()[1:] == pytest.approx(theirs.coef_[0], abs=1e-3)


def test_what_is_added_up_does_not_depend_on_the_scale_of_columns(columns):
    happened = (np.random.default_rng(5).random(3_000) < expit(columns[:, 0])).astype(float)
    plain, moved = Cases.alike(columns, happened), Cases.alike(columns * 50 + 100, happened)
    assert newton.fitted(moved, LOGISTIC, ridge=10.0).added(moved) == pytest.approx(
        newton.fitted(plain, LOGISTIC, ridge=10.0).added(plain), abs=1e-3
    )


def test_a_column_that_is_the_same_for_all_has_no_weight(columns):
    happened = (np.random.default_rng(6).random(3_000) < expit(columns[:, 0])).astype(float)
    columns[:, 3] = 7.0
    assert newton.fitted(Cases.alike(columns, happened), LOGISTIC, ridge=1.0).slopes[3, 0] == 0.0


def test_blocks_are_about_one_offer_each_and_hold_all_rows(monkeypatch):
    monkeypatch.setattr(newton, "BLOCK", 2)
    offer = np.array([0, 0, 0, 2, 2])
    cases = Cases(np.zeros((5, 1), dtype=np.float32), offer, np.arange(3.0)[:, None], np.zeros(5))
    assert list(cases.blocks()) == [(0, slice(0, 2)), (0, slice(2, 3)), (2, slice(3, 5))]


def test_how_rows_are_cut_into_blocks_changes_nothing(columns, monkeypatch):
    happened = (np.random.default_rng(7).random(3_000) < expit(columns[:, 0])).astype(float)
    whole = newton.fitted(Cases.alike(columns, happened), LOGISTIC, ridge=1.0)
    monkeypatch.setattr(newton, "BLOCK", 700)
    cut = newton.fitted(Cases.alike(columns, happened), LOGISTIC, ridge=1.0)
    assert cut.slopes == pytest.approx(whole.slopes, abs=SINGLE)
