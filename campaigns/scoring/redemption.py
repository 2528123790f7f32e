"""Who redeems an offer, once given it: logistic regression on the same rows and features as the margin."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from campaigns.scoring.affinity import PRIOR_REDEMPTION
from campaigns.scoring.equations import Equations, Offers, add_own, blocks, moments, none
from campaigns.scoring.shrinkage import Families, posterior

STEPS = 12
CLOSE = 0.01
# Twice the affinity doubles the odds, before any evidence.
PRIOR_SLOPE = float(np.log(2))
SCALE = 10.0  # of logits, a twentieth of which is much
BEFOREHAND = {
    "scale": SCALE,
    "everybody": float(logit(PRIOR_REDEMPTION)) - PRIOR_SLOPE,
    "per_affinity": PRIOR_SLOPE,
}
STEEPEST = 15.0
LEAST_CURVATURE = 0.1

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


def learned(
    rows: Rows, redeemed: NDArray[np.bool_], offer: NDArray[np.integer[Any]], offers: Offers, believed: Families
) -> Array:
    """The weights (f, c) of the logit of redeeming, from m decisions that gave an offer (m,).

    Newton's steps, each a ridge regression of the working response (McCullagh and Nelder, 1989, section 2.5) that also
    brings the shrinkage one round further. Without decisions, an average member redeems with PRIOR_REDEMPTION.
    """
    weights = believed.mean
    given = [np.flatnonzero(offer == each) for each in range(len(offers.features))]
    for _ in range(STEPS if len(rows) else 0):
        found = posterior(_equations(rows, redeemed, given, offers, weights), believed, rounds=1)
        moved = float(np.abs(found.weights - weights).max())
        weights, believed = found.weights, replace(believed, variances=found.variances)
        if moved < CLOSE:
            break
    return weights


def _equations(
    rows: Rows, redeemed: NDArray[np.bool_], given: Sequence[NDArray[np.intp]], offers: Offers, weights: Array
) -> Equations:
    found = none(*weights.shape)
    for features, affinity, of in zip(offers.features, offers.affinities.tolist(), given, strict=True):
        own = (features @ weights).astype(np.float32)
        for some in blocks(of):
            block = offers.local.rows(rows[some], affinity)
            response, curvature = _working(block @ own, redeemed[some])
            add_own(found, features, *moments(block, response, curvature, lambda each: each))
    return found


def _working(logits: Rows, redeemed: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The response that a linear regression would have, and its weight."""
    bounded = np.clip(logits.astype(np.float64), -STEEPEST, STEEPEST)
    chance = expit(bounded)
    curvature = np.maximum(chance * (1 - chance), LEAST_CURVATURE)
    return bounded + (redeemed - chance) / curvature, curvature
