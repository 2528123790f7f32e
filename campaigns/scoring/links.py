"""How what is added up for a member becomes a score, and what being wrong costs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

# Beyond this the exponential is no prediction any more but a step of the search that went too far.
MOST_LOGGED = 30.0


@dataclass(frozen=True)
class Link:
    """Element by element: the score, how steeply it rises, and the loss, of what was added up and what came."""

    name: str
    score: Callable[[NDArray], NDArray]
    steepness: Callable[[NDArray], NDArray]
    loss: Callable[[NDArray, NDArray], NDArray]


def _rise(added: NDArray) -> NDArray:
    chance = expit(added)
    return np.asarray(chance * (1 - chance))


def _amount(added: NDArray) -> NDArray:
    return np.asarray(np.exp(np.minimum(added, MOST_LOGGED)))


# Probabilities, by −log of the one that was given to what happened.
LOGISTIC = Link("logistic", expit, _rise, lambda added, came: np.logaddexp(0, added) - came * added)
# Amounts, by Poisson's loss, of which only the mean need be right: it is so for amounts of any spread (Gourieroux,
# Monfort and Trognon, 1984, Econometrica 52).
EXPONENTIAL = Link("exponential", _amount, _amount, lambda added, came: _amount(added) - came * added)

LINKS = {link.name: link for link in (LOGISTIC, EXPONENTIAL)}
