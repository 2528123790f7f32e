"""What past random decisions say of the weights of margin: residual on residual, run by run.

Robinson (1988, Econometrica 56) with the probabilities known and many treatments: margin − E[margin | member] =
Σ_a (given a − P(a | member)) effect of a + noise. What the left side leaves in of the member only adds noise, for given
who the member is, what chance gave has nothing to do with it (Nie and Wager, 2021, Biometrika 108).
"""

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.draws import NOTHING, Draws
from campaigns.scoring.equations import Equations, Groups, Offers, accumulated, none
from campaigns.scoring.history import History
from campaigns.scoring.surprise import surprise


def equations(history: History, draws: Draws, offers: Offers) -> Equations:
    """Of all runs together, in which noise has the variance 1; `offers` (K,) are those of the draws."""
    found = none(offers.features.shape[1], offers.local.size)
    for run in np.unique(history.run):
        of_run = np.flatnonzero(history.run == run)
        found += _of_run(history.margin[of_run], draws.take(of_run), offers)
    return found


def _of_run(margin: NDArray[np.float64], draws: Draws, offers: Offers) -> Equations:
    """Offers that a run never could give take no part in it."""
    possible = np.flatnonzero(draws.chances[np.unique(draws.design)].any(axis=0))
    of_run = offers.some(possible)
    found = surprise(draws.basis, margin)
    return accumulated(draws.basis, found.residual, found.weight, _groups(draws, possible), of_run)


def _groups(draws: Draws, possible: NDArray[np.intp]) -> Groups:
    """Decisions that were drawn with the same chances and gave the same."""
    offers = len(draws.offers)
    which, of = np.unique(draws.design.astype(np.int64) * (offers + 1) + draws.offer + 1, return_inverse=True)
    design, given = which // (offers + 1), which % (offers + 1) - 1
    contrasts = -draws.chances[design]
    is_offer = given != NOTHING
    contrasts[np.flatnonzero(is_offer), given[is_offer]] += 1
    return Groups(of.astype(np.intp), contrasts[:, possible])
