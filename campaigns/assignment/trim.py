"""Takes offers back, from those who lose least by it, until every limit holds."""

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.given import Given, fitting
from campaigns.assignment.limits import Limits


def trimmed(given: Given, worth: NDArray[np.float64], limits: Limits) -> Given:
    """The pairs with as many taken back as the limits demand.

    `worth` (p,) ranks them: those with the least go first, under each offer's own limits, then under the channels' and
    the common ones. As many of an offer's as its minimum volume asks for go last of all.
    """
    ranked = np.argsort(-worth, kind="stable")
    is_needed = _is_needed(given.offers[ranked], limits.least)
    ranked = np.concatenate([ranked[is_needed], ranked[~is_needed]])
    return given.only(np.sort(fitting(given, ranked, limits)))


def _is_needed(offers: NDArray[np.intp], least: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of ranked pairs make up the minimum volumes."""
    needed = np.zeros(len(offers), dtype=bool)
    for j in np.flatnonzero(least > 0):
        needed[np.flatnonzero(offers == j)[: int(least[j])]] = True
    return needed
