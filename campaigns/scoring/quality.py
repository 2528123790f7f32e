"""How good a score is on a later period, each figure with its 95 % interval.

All take columns of n rows, one for each member or for each decision about one; `members` (n,) tells whose each row is
where a member has several. With `over`, another score of the same rows, a figure is by how much the score's is above
that of the other, compared row by row. NotMeasured says in a sentence why there is no figure.
"""

from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from campaigns.scoring import calibration as binning
from campaigns.scoring import next_best, ranking
from campaigns.scoring import qini as gains
from campaigns.scoring.calibration import BINS, Bin
from campaigns.scoring.intervals import Array, Estimate, Influence, NotMeasured, mean

__all__ = [
    "Bin",
    "Estimate",
    "NotMeasured",
    "auc",
    "brier",
    "calibration",
    "captured",
    "hit_rate",
    "log_loss",
    "qini",
    "top_share",
    "uplift_by_decile",
]

# Probabilities are held this far from 0 and 1: a single surprise costs 16 at the most.
LEAST_PROBABILITY = 1e-7

Scored = NDArray[np.floating]
Members = NDArray[np.integer] | None


def auc(outcome: ArrayLike, score: Scored, *, over: Scored | None = None, members: Members = None) -> Estimate:
    """The chance that one who responded was scored above one who did not; outcomes are 0 or 1. See `ranking.auc`."""
    positive = np.asarray(outcome, dtype=bool)
    return _estimate(lambda each: ranking.auc(positive, each), score, over, members, least=0.0, most=1.0)


def log_loss(outcome: ArrayLike, predicted: Scored, *, over: Scored | None = None, members: Members = None) -> Estimate:
    """Mean of −log of the probability given to what happened, in nats; lower is better, below 0 than `over`."""
    positive = np.asarray(outcome, dtype=bool)
    return _estimate(lambda each: mean(_surprise(positive, each)), predicted, over, members, least=0.0)


def brier(outcome: ArrayLike, predicted: Scored, *, over: Scored | None = None, members: Members = None) -> Estimate:
    """Mean squared difference of what came, chances or amounts, and what was predicted (Brier, 1950); lower is better,
    below 0 than `over`."""
    happened = np.asarray(outcome, dtype=np.float64)
    return _estimate(lambda each: mean((happened - each) ** 2), predicted, over, members, least=0.0)


def top_share(
    outcome: ArrayLike, score: Scored, *, share: float = 0.1, over: Scored | None = None, members: Members = None
) -> Estimate:
    """The share who responded among the best `share` by score: the precision in the top decile at 0.1."""
    positive = np.asarray(outcome, dtype=bool)
    return _estimate(lambda each: ranking.top_share(positive, each, share), score, over, members, least=0.0, most=1.0)


def captured(
    amount: ArrayLike, score: Scored, *, share: float = 0.1, over: Scored | None = None, members: Members = None
) -> Estimate:
    """Of all that came, how much the best `share` by score brought, as a share: of later margin, say."""
    came = np.asarray(amount, dtype=np.float64)
    return _estimate(lambda each: ranking.captured(came, each, share), score, over, members)


def hit_rate(taken: NDArray[np.bool_], scores: Scored, *, most: int = 3, over: Scored | None = None) -> Estimate:
    """Of the members who took any of k offers, for how many one was among their `most` best; (n, k) both."""
    return _estimate(
        lambda each: next_best.hit_rate(taken, each, most=most), scores, over, members=None, least=0.0, most=1.0
    )


def qini(
    outcome: ArrayLike,
    treated: ArrayLike,
    probability: ArrayLike,
    score: Scored,
    *,
    over: Scored | None = None,
    members: Members = None,
) -> Estimate:
    """The Qini coefficient in units of the outcome per row, defined in `qini`: 0 for an order that says nothing.

    `outcome` is what the decision may have changed, such as margin; anything known before the decision may be taken
    off it, which narrows the interval and moves nothing else. `treated` says who was, `probability` is the one with
    which chance would treat, the same for all or (n,). Where members held out stand against several offers, give them
    a row for each, the probability of the offer among the two, and `members`.
    """
    decided = _decided(outcome, treated, probability)
    return _estimate(lambda each: gains.coefficient(decided, each), score, over, members)


def uplift_by_decile(
    outcome: ArrayLike, treated: ArrayLike, probability: ArrayLike, score: Scored, *, bins: int = BINS
) -> tuple[Bin, ...]:
    """What treatment changed in each tenth by predicted value, the lowest first; see `calibration.uplift`."""
    return binning.uplift(_decided(outcome, treated, probability), score, bins=bins)


def calibration(outcome: ArrayLike, predicted: Scored, *, bins: int = BINS) -> tuple[Bin, ...]:
    """What was predicted and what came, shares or amounts, in each tenth by prediction, the lowest first."""
    return binning.calibration(np.asarray(outcome, dtype=np.float64), predicted, bins=bins)


def _estimate(
    figure: Callable[[Scored], Influence],
    score: Scored,
    over: Scored | None,
    members: Members,
    *,
    least: float = -inf,
    most: float = inf,
) -> Estimate:
    if over is None:
        return figure(score).estimate(members=members, least=least, most=most)
    return (figure(score) - figure(over)).estimate(members=members)


def _decided(outcome: ArrayLike, treated: ArrayLike, probability: ArrayLike) -> gains.Decided:
    happened = np.asarray(outcome, dtype=np.float64)
    chance = np.broadcast_to(np.asarray(probability, dtype=np.float64), happened.shape)
    return gains.Decided(happened, np.asarray(treated, dtype=bool), chance)


def _surprise(positive: NDArray[np.bool_], predicted: Scored) -> Array:
    given = np.where(positive, predicted, 1 - predicted.astype(np.float64))
    return np.asarray(-np.log(np.clip(given, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)))
