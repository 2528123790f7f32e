"""Who redeems an offer, once given it: logistic regression on the same rows and features as the margin."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from campaigns.scoring.affinity import PRIOR_REDEMPTION
from campaigns.scoring.equations import Equations, Groups, Offers, accumulated, blocks
from campaigns.scoring.shrinkage import Families, posterior

STEPS = 6
CLOSE = 0.01
# Twice the affinity doubles the odds, before any evidence.
PRIOR_SLOPE = float(np.log(2))
SCALE = 5.0  # of logits, a tenth of which is much
BEFOREHAND = {
    "scale": SCALE,
    "everybody": float(logit(PRIOR_REDEMPTION)) - PRIOR_SLOPE,
    "per_affinity": PRIOR_SLOPE,
}
STEEPEST = 30.0
LEAST_CURVATURE = 1e-6

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
    groups = Groups(offer.astype(np.intp), np.eye(len(offers.features)))
    for _ in range(STEPS if len(rows) else 0):
        found = posterior(_equations(rows, redeemed, groups, offers, weights), believed, rounds=1)
        moved = float(np.abs(found.weights - weights).max())
        weights, believed = found.weights, replace(believed, variances=found.variances)
        if moved < CLOSE:
            break
    return weights


def _equations(rows: Rows, redeemed: NDArray[np.bool_], groups: Groups, offers: Offers, weights: Array) -> Equations:
    logits = _logits(rows, groups.of, offers, weights)
    chance = expit(logits)
    curvature = np.maximum(chance * (1 - chance), LEAST_CURVATURE)
    return accumulated(rows, logits + (redeemed - chance) / curvature, curvature, groups, offers)


def _logits(rows: Rows, offer: NDArray[np.intp], offers: Offers, weights: Array) -> Array:
    own = offers.features @ weights
    found = np.zeros(len(rows))
    for each, columns in enumerate(offers.columns):
        for some in blocks(np.flatnonzero(offer == each)):
            found[some] = offers.expanded(rows[some])[:, columns] @ own[each]
    return np.clip(found, -STEEPEST, STEEPEST)
