"""What members would earn us anyway: taken off their margins, so that what an offer changes stands out of the noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.equations import moments

RIDGE = 10.0
# How much more reliable than usual one member's margin may count, and how much less.
MOST_RELIABLE = 30.0
LEAST_RESIDUAL = 1e-3  # as a share of the variance of margins

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Surprise:
    """`residual` (m,) is a margin less what was to be expected of that member, `weight` (m,) 1 over its variance."""

    residual: Array
    weight: Array


def surprise(rows: Rows, margin: Array) -> Surprise:
    """By ridge regression on the basis within one run, twice: the second time with what the first says of the variance.

    The margins of those who spend much vary much, so they count less: weighted least squares with a variance that is
    log-linear in the basis (Harvey, 1976, Econometrica 44). The weights depend on the member alone, never on what was
    given, so that they bias nothing; they are scaled so that the weighted residuals have a variance of 1.
    """
    even = np.ones(len(margin))
    first = _residual(rows, margin, even)
    spread = _predicted(rows, np.log(first**2 + LEAST_RESIDUAL * max(float(margin.var()), 1e-12)), even)
    weight = np.exp(np.clip(np.median(spread) - spread, -np.log(MOST_RELIABLE), np.log(MOST_RELIABLE)))
    residual = _residual(rows, margin, weight)
    noise = float((weight * residual**2).mean()) if len(margin) else 1.0
    return Surprise(residual, weight / max(noise, 1e-12))


def _residual(rows: Rows, margin: Array, weight: Array) -> Array:
    return margin - _predicted(rows, margin, weight)


def _predicted(rows: Rows, target: Array, weight: Array) -> Array:
    second, cross = moments(rows, target, weight, lambda block: block)
    return np.asarray(
        rows @ np.linalg.solve(second + RIDGE * np.eye(len(second)), cross).astype(np.float32), np.float64
    )
