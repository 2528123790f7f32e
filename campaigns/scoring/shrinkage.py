"""Weights by ridge regression in which every family of weights is shrunk as much as the evidence asks for.

The weights of a family (what all offers have in common, what a kind adds, what one offer adds; for everybody, by what
members do, in proportion to affinity) are taken to vary about their prior mean with one variance, which is chosen to
make the data most likely (MacKay, 1992, Bayesian interpolation, Neural Computation 4). Where the data show nothing of a
family, its weights stay at the prior mean; where they show much, they are hardly shrunk.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from campaigns.scoring.equations import Equations

ROUNDS = 12
SETTLED = 0.1
# What is believed of a family's variance beforehand counts as much as this many weights.
BELIEF = 0.5

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Families:
    """`of` (f, c) is the family of each weight, -1 where there is none; `variances` what each family's are taken to be
    before any evidence; `mean` (f, c) the weights beforehand."""

    of: NDArray[np.int8]
    variances: Array
    mean: Array

    def each(self, variances: Array) -> Array:
        """(f, c): of the families' variances, that of each weight; 0 where there is none."""
        return np.where(self.of >= 0, variances[self.of], 0.0)


@dataclass(frozen=True, eq=False)
class Posterior:
    """`weights` (f, c), their `covariance` (f, c, f, c), and the `variances` found for the families."""

    weights: Array
    covariance: Array
    variances: Array


def posterior(equations: Equations, families: Families, *, rounds: int = ROUNDS) -> Posterior:
    """The weights after the evidence of equations whose noise has the variance 1."""
    is_weight = families.of >= 0
    at = np.flatnonzero(is_weight)
    of, mean = families.of[is_weight], families.mean[is_weight]
    size = is_weight.size
    gram = equations.gram.reshape(size, size)[np.ix_(at, at)]
    moment = equations.moment[is_weight] - gram @ mean
    variances, found, covariance = families.variances.copy(), mean, np.zeros_like(gram)
    for _ in range(rounds):
        covariance, found = _solved(gram, moment, variances[of])
        chosen = _variances(found, np.diag(covariance), of, variances, families.variances)
        moved = np.abs(np.log(chosen / variances)).max()
        variances = chosen
        if moved < SETTLED:
            break
    weights, whole = families.mean.copy(), np.zeros((size, size))
    weights[is_weight] = mean + found
    whole[np.ix_(at, at)] = covariance
    return Posterior(weights, whole.reshape(equations.gram.shape), variances)


def _solved(gram: Array, moment: Array, variance: Array) -> tuple[Array, Array]:
    """The covariance and the mean of deviations from the prior mean, scaled by their deviations for a safe inverse."""
    scale = np.sqrt(variance)
    scaled = gram * scale[:, None] * scale[None, :]
    scaled[np.diag_indices_from(scaled)] += 1.0
    inverse, failed = linalg.lapack.dpotri(linalg.cholesky(scaled, lower=True, overwrite_a=True), lower=1)
    if failed:
        raise ValueError("The evidence is not of numbers: look for infinite margins among the decisions.")
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    covariance = inverse * scale[:, None] * scale[None, :]
    return covariance, covariance @ moment


def _variances(found: Array, variance: Array, of: NDArray[np.int8], now: Array, before: Array) -> Array:
    sizes = len(now)
    known = np.bincount(of, weights=1 - variance / now[of], minlength=sizes)
    squares = np.bincount(of, weights=found**2, minlength=sizes)
    return np.asarray((squares + BELIEF * before) / (known + BELIEF))
