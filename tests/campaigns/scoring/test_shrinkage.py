import numpy as np
import pytest

from campaigns.scoring.equations import Equations
from campaigns.scoring.shrinkage import Families, posterior

# Two families of weights: those of the first column and the others; one weight of the second row does not exist.
OF = np.array([[0, 1, 1], [0, 1, -1]], dtype=np.int8)


def _equations(design: np.ndarray, target: np.ndarray) -> Equations:
    gram = design.T @ design
    return Equations(gram.reshape(*OF.shape, *OF.shape), (design.T @ target).reshape(OF.shape))


def _families(*variances: float, mean: np.ndarray | None = None) -> Families:
    return Families(OF, np.array(variances), np.zeros(OF.shape) if mean is None else mean)


def test_one_round_is_ridge_regression_by_hand():
    rng = np.random.default_rng(0)
    design, target = rng.normal(size=(50, 6)), rng.normal(size=50)
    found = posterior(_equations(design, target), _families(4.0, 0.25), rounds=1)
    kept = design[:, :5]
    precision = kept.T @ kept + np.diag([1 / 4.0, 4.0, 4.0, 1 / 4.0, 4.0])
    assert found.weights.ravel()[:5] == pytest.approx(np.linalg.solve(precision, kept.T @ target))
    assert found.weights[1, 2] == 0.0
    assert found.covariance.reshape(6, 6)[:5, :5] == pytest.approx(np.linalg.inv(precision))


def test_without_evidence_the_weights_are_the_prior_ones():
    mean = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 0.0]])
    found = posterior(_equations(np.zeros((1, 6)), np.zeros(1)), _families(1.0, 1.0, mean=mean))
    assert np.array_equal(found.weights, mean)


def test_a_family_that_shows_nothing_is_shrunk_more_than_one_that_does():
    rng = np.random.default_rng(1)
    design = rng.normal(size=(4_000, 6))
    target = design @ np.array([2.0, 0, 0, -2.0, 0, 0]) + rng.normal(size=4_000)
    found = posterior(_equations(design, target), _families(1.0, 1.0))
    assert found.variances[0] > 1
    assert found.variances[1] < 0.25
    assert found.weights[:, 0] == pytest.approx([2.0, -2.0], abs=0.1)


def test_shrunk_weights_are_nearer_the_truth_than_least_squares():
    rng = np.random.default_rng(2)
    misses = []
    for _ in range(40):
        truth = np.append(rng.normal(0, [1.0, 0.05, 0.05, 1.0, 0.05]), 0.0)
        design = rng.normal(size=(60, 6))
        target = design @ truth + rng.normal(size=60)
        shrunk = posterior(_equations(design, target), _families(1.0, 0.1)).weights.ravel()
        plain = np.append(np.linalg.lstsq(design[:, :5], target, rcond=None)[0], 0.0)
        misses.append([((each - truth) ** 2).sum() for each in (shrunk, plain)])
    shrunk, plain = np.mean(misses, axis=0)
    assert shrunk < 0.8 * plain


def test_intervals_cover_the_truth_as_often_as_they_say():
    rng, covered = np.random.default_rng(3), []
    for _ in range(200):
        truth = np.append(rng.normal(0, [1.0, 0.3, 0.3, 1.0, 0.3]), 0.0)
        design = rng.normal(size=(100, 6))
        found = posterior(_equations(design, design @ truth + rng.normal(size=100)), _families(1.0, 0.09), rounds=1)
        error = np.sqrt(np.diag(found.covariance.reshape(6, 6)))[:5]
        covered.append(np.abs(found.weights.ravel() - truth)[:5] <= 1.96 * error)
    # 95 % of 1,000, of which 200 draws are independent: 3 standard errors are 5 points at the most.
    assert 0.90 <= np.mean(covered) <= 0.99
