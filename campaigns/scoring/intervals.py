"""Figures of quality and how far chance may have moved them.

Each figure is close to a mean over rows, of what each row adds to it: its influence (Hampel, 1974, JASA 69). The
variance of that mean is the figure's (the infinitesimal jackknife: Efron and Stein, 1981, Annals of Statistics 9),
without drawing samples again, and two figures of the same rows are compared row by row.
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

LEVEL = 0.95

Array = NDArray[np.float64]


class NotMeasured(ValueError):  # noqa: N818 - an answer to the reader, not an error of the program
    """A figure cannot be worked out from these rows: one sentence says why. Never to be read as a figure of 0."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Influence:
    """A figure, and what each of n rows adds to it, (n,); only its differences from their mean matter."""

    value: float
    each: Array

    def __sub__(self, other: "Influence") -> "Influence":
        """By how much this figure is above another of the same rows."""
        return Influence(self.value - other.value, self.each - other.each)

    def estimate(
        self,
        *,
        members: NDArray[np.integer] | None = None,
        level: float = LEVEL,
        least: float = -inf,
        most: float = inf,
    ) -> Estimate:
        """The figure with its normal interval, held between `least` and `most`.

        `members` (n,) tells whose each row is, where a member has several: rows of a member are no news to each other.
        """
        half = float(ndtri((1 + level) / 2)) * self.error(members)
        return Estimate(self.value, max(self.value - half, least), min(self.value + half, most))

    def error(self, members: NDArray[np.integer] | None = None) -> float:
        """The standard error; NotMeasured below two members."""
        apart = self.each - self.each.mean()
        if members is not None:
            _, code = np.unique(members, return_inverse=True)
            apart = np.bincount(code, weights=apart)
        if len(apart) < 2:
            raise NotMeasured(f"An interval needs at least 2 members, and there are {len(apart)}.")
        return sqrt(float(apart @ apart) * len(apart) / (len(apart) - 1)) / len(self.each)


def mean(values: ArrayLike) -> Influence:
    """The mean of (n,) values."""
    each = np.asarray(values, dtype=np.float64)
    if not len(each):
        raise NotMeasured("There are no rows to average.")
    return Influence(float(each.mean()), each)


def wilson(count: Array, members: Array, *, level: float = LEVEL) -> tuple[Array, Array]:
    """Score intervals of shares (Wilson, 1927, JASA 22, p. 209): the lows and the highs, in the shape of the counts."""
    quantile = float(ndtri((1 + level) / 2))
    share, square = count / members, quantile * quantile
    middle = (share + square / (2 * members)) / (1 + square / members)
    half = quantile * np.sqrt(share * (1 - share) / members + square / (4 * members * members)) / (1 + square / members)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
