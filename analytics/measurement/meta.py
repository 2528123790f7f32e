"""Many campaigns that are each too small to tell: what they say together."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from analytics.measurement.lift import LEVEL, NotMeasured, upper_tail


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean effect of a population of campaigns; `between` is the variance of their true effects, `i_squared` its
    share of all variance seen (0 when they are alike)."""

    estimate: float
    low: float
    high: float
    p: float
    error: float
    between: float
    i_squared: float
    campaigns: int


def random_effects(estimates: ArrayLike, errors: ArrayLike, *, level: float = LEVEL) -> Pooled | NotMeasured:
    """Mean of true effects that differ from campaign to campaign (DerSimonian, Laird 1986).

    estimates (k,) and their standard errors (k,), all in the same unit. NotMeasured for fewer than two. Raises
    ValueError when the shapes differ, and for errors that are not positive.
    """
    effect, squares = _checked(estimates, errors)
    if effect.size < 2:
        return NotMeasured("There are fewer than two campaigns to take together; run another one.")
    weight = 1 / squares
    mean = np.average(effect, weights=weight)
    excess = float((weight * (effect - mean) ** 2).sum())
    between = _between(weight, excess, effect.size)
    return _pooled(effect, 1 / (squares + between), between, excess, float(ndtri(upper_tail(level))))


def _checked(estimates: ArrayLike, errors: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    effect, error = np.asarray(estimates, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if effect.shape != error.shape or effect.ndim != 1:
        raise ValueError("Every campaign needs one estimate and one standard error.")
    if not (np.isfinite(effect).all() and np.isfinite(error).all() and (error > 0).all()):
        raise ValueError("Estimates must be known, and their errors above 0; leave out those that were not measured.")
    return effect, error * error


def _between(weight: NDArray[np.float64], excess: float, campaigns: int) -> float:
    """tau² = (Q - (k - 1)) / (Σw - Σw²/Σw), never below 0."""
    scale = weight.sum() - (weight * weight).sum() / weight.sum()
    return max(0.0, float((excess - (campaigns - 1)) / scale))


def _pooled(
    effect: NDArray[np.float64], weight: NDArray[np.float64], between: float, excess: float, quantile: float
) -> Pooled:
    estimate, error = float(np.average(effect, weights=weight)), sqrt(1 / float(weight.sum()))
    return Pooled(
        estimate=estimate,
        low=estimate - quantile * error,
        high=estimate + quantile * error,
        p=float(2 * ndtr(-abs(estimate) / error)),
        error=error,
        between=between,
        i_squared=max(0.0, 1 - (effect.size - 1) / excess) if excess > 0 else 0.0,
        campaigns=effect.size,
    )
