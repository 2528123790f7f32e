"""Next best offer: whether what members took was among the few that a ranking put first for them."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from campaigns.scoring.intervals import Array, Influence, NotMeasured, mean


def hit_rate(taken: NDArray[np.bool_], scores: NDArray[np.floating], *, most: int) -> Influence:
    """Of the members who took anything, the share for whom it was among the `most` best by score.

    `taken` and `scores` are (n, k), members by offers; an offer of −inf is not offered. Offers of equal score at the
    edge come in by chance, and the chance of a hit counts (so that no order of columns makes a ranking look good).
    ValueError when `most` is not from 1 to k; NotMeasured when nobody took anything.
    """
    if not 1 <= most <= scores.shape[1]:
        raise ValueError(f"Give a number of offers from 1 to {scores.shape[1]}: {most} were to be ranked first.")
    if not taken.any():
        raise NotMeasured("Nobody took any of the offers in this period.")
    took = taken.any(axis=1)
    return mean(_chances(taken[took], scores[took], most))


def _chances(taken: NDArray[np.bool_], scores: NDArray[np.floating], most: int) -> Array:
    """(n,): that at least one of those taken is among the best: 1 − C(tied not taken, places) / C(tied, places)."""
    edge = np.partition(scores, -most, axis=1)[:, -most, None]
    above, tied = scores > edge, (scores == edge) & np.isfinite(scores)
    tied_count, missed = tied.sum(axis=1), (tied & ~taken).sum(axis=1)
    places = np.minimum(most - above.sum(axis=1), tied_count)
    none_of_them = np.exp(_ways(missed, places) - _ways(tied_count, places))
    return np.where((above & taken).any(axis=1), 1.0, 1.0 - none_of_them)


def _ways(of: NDArray[np.integer], places: NDArray[np.integer]) -> Array:
    """The logarithm of how many ways there are to choose so many; −inf where there are too few."""
    enough = of >= places
    spare = np.where(enough, of - places, 0)
    return np.where(enough, gammaln(of + 1) - gammaln(places + 1) - gammaln(spare + 1), -np.inf)
