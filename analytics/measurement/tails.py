"""The few members who spend a hundred times what others do: a ceiling that is set before anyone sees the outcome."""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

QUANTILE = 0.999
# With a difference so skewed, a range of 95 % misses on one side 3.5 times in 100 and not 2.5 times.
MOST_LOPSIDED = 0.118
# How skewed values are cannot be told from fewer.
LEAST_MEMBERS = 30


def threshold(before_values: ArrayLike, quantile: float = QUANTILE) -> float:
    """The size that only 1 in 1,000 members exceeded in the time before, both arms together; infinite without any.

    before_values (n,), unknown ones (NaN) left out. Fix it before the outcome is seen, and never per arm. Where more
    than `quantile` of all values are 0 nothing is clipped, as a ceiling of 0 would leave nothing to compare.
    Raises ValueError for a quantile outside 0..1.
    """
    if not 0 < quantile < 1:
        raise ValueError("A quantile lies between 0 and 1.")
    sizes = np.abs(np.asarray(before_values, dtype=np.float64))
    sizes = sizes[~np.isnan(sizes)]
    found = float(np.quantile(sizes, quantile)) if sizes.size else 0.0
    return found if found > 0 else float("inf")


def clipped(values: ArrayLike, threshold: float) -> NDArray[np.float64]:
    """The (n,) values, none further from 0 than the threshold; unknown ones stay so."""
    return np.clip(np.asarray(values, dtype=np.float64), -threshold, threshold)


def lopsided(skewness: float, treated: int, reference: int) -> float:
    """Skewness of the difference of two arms' means, of so many members whose values are alike skewed; 0 of equal arms.

    Both tails of Welch's range are off by (2 z² + 1) / 6 φ(z) of it, one up and one down (Hall 1992). For
    one arm alone it is skewness / √n, from which the rule of 355 times the squared skewness comes (Kohavi, Deng,
    Longbotham, Xu 2014, section 4.7), at half a point for each tail.
    """
    asymmetry = 1 / treated**2 - 1 / reference**2
    return float(skewness * asymmetry / (1 / treated + 1 / reference) ** 1.5)


def members_needed(skewness: float, treated: int, reference: int) -> int:
    """Members that the smaller arm needs, and the other in proportion, before no tail is off by more than a point."""
    beyond = lopsided(skewness, treated, reference) / MOST_LOPSIDED
    return max(LEAST_MEMBERS, ceil(min(treated, reference) * beyond * beyond))


def skewness(values: ArrayLike) -> float:
    """Third standardised moment of (n,) values; 0 without any spread or values."""
    each = np.asarray(values, dtype=np.float64)
    if not each.size:
        return 0.0
    from_mean = each - each.mean()
    squares = from_mean * from_mean
    variance = float(squares.mean())
    return float((squares * from_mean).mean()) / variance**1.5 if variance > 0 else 0.0
