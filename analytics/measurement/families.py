"""Many questions asked at once: p-values adjusted for how many were asked; unknown ones (NaN) were not asked."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """(m,) adjusted p: those below 5 % hold no more than 5 % false finds on average (Benjamini, Hochberg 1995)."""
    given, ranked, order = _ranked(p)
    m = ranked.size
    stepped = np.minimum.accumulate((ranked * m / np.arange(1, m + 1))[::-1])[::-1]
    return _put_back(given, order, stepped)


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """(m,) adjusted p: the chance of any false find at all stays below the level (Holm 1979)."""
    given, ranked, order = _ranked(p)
    m = ranked.size
    return _put_back(given, order, np.maximum.accumulate(ranked * np.arange(m, 0, -1)))


def _ranked(p: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """The p as given, those that are known in ascending order, and where each of these stands."""
    given = np.asarray(p, dtype=np.float64)
    if given.ndim != 1 or (given < 0).any() or (given > 1).any():
        raise ValueError("A family of p-values is a flat array of numbers between 0 and 1.")
    order = np.argsort(given, kind="stable")[: np.count_nonzero(~np.isnan(given))]  # NaN are sorted to the end
    return given, given[order], order


def _put_back(given: NDArray[np.float64], order: NDArray[np.intp], ranked: NDArray[np.float64]) -> NDArray[np.float64]:
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(ranked, 1)
    return adjusted
