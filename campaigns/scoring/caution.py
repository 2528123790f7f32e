"""How far an expected value may be off, for a block of members and offers in the same matrix product as the value.

The exact standard error of a value takes a quadratic form per pair. Taken apart into the offer's own, for members on
average, times how unusual the member is for a department, for offers on average, it takes a few columns more in the
product, and comes to the same within a few per cent.

No matrix of weights is quite what members do. How far it is off does not shrink with the number of decisions, and is
taken to be where the standard errors are: MISFIT of the variance of what offers change is never known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.local import Local
from campaigns.scoring.shrinkage import Posterior

DIRECTIONS = 32  # in which a member may be unusual
MISFIT = 0.02
ROUNDING = 1e-10  # of the largest variance: below it there is none

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Caution:
    """`offers` (f, f): the variance of a value, for members on average, is a quadratic form in the offer's features;
    `new_offer` is what is added where it was never given. `members` (c, r) are the directions in which local rows are
    unusual, whose mean square is 1."""

    offers: Array
    new_offer: float
    members: Array

    def errors(self, features: Array, is_known: NDArray[np.bool_]) -> Array:
        """(k,): the standard error of each offer's value for members on average."""
        variance: Array = np.einsum("kf,fg,kg->k", features, self.offers, features)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0) + np.where(is_known, 0.0, self.new_offer)))

    def unusual(self, rows: Rows, local: Local, affinities: NDArray[np.intp]) -> Rows:
        """(n, k): how unusual members with these rows (n, d) of the basis are, 1 on average, for offers by the columns
        (k,) with the affinity for their departments.

        Along a direction a local row goes g + √A s + A q, with A the affinity: its square has five powers of √A.
        """
        general, proportional, responding = self._along(rows, local)
        powers = (
            _product(general, general),
            2 * _product(general, responding),
            _product(responding, responding) + 2 * _product(general, proportional),
            2 * _product(responding, proportional),
            _product(proportional, proportional),
        )
        used, of = np.unique(affinities, return_inverse=True)
        root, square = np.sqrt(rows[:, used]), np.zeros((len(rows), len(used)), dtype=np.float32)
        for power in reversed(powers):
            square *= root
            square += power
        return np.asarray(np.sqrt(np.maximum(square, 0))[:, of])

    def _along(self, rows: Rows, local: Local) -> list[Rows]:
        """What general columns, those in proportion to affinity, and those to its root add along each direction."""
        edges = (local.general, local.general + local.proportional)
        return [rows[:, : len(part)] @ part.astype(np.float32) for part in np.vsplit(self.members, edges)]

    def to_json(self) -> dict[str, Any]:
        return {"offers": self.offers.tolist(), "new_offer": self.new_offer, "members": self.members.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Caution":
        return cls(np.array(data["offers"]), float(data["new_offer"]), np.array(data["members"]))


def learned(posterior: Posterior, *, usual: Array, features: Array, believed: Array, new_offer: Array) -> Caution:
    """From the covariance of the weights; the second moments `usual` (c, c) of local rows; the `features` (K, f) of
    past offers; the variances `believed` (f, c) that weights have among themselves; and those (c,) of the weights that
    a new offer would have of its own."""
    covariance, squares = posterior.covariance, np.diag(usual)
    offers = np.tensordot(covariance, usual, axes=([1, 3], [0, 1])) + MISFIT * np.diag(believed @ squares)
    together = features.T @ features / max(len(features), 1)
    members = np.tensordot(together, covariance, axes=([0, 1], [0, 2]))
    return Caution(offers, float(new_offer @ squares), _directions(members, usual))


def _directions(variance: Array, usual: Array) -> Array:
    """(c, r): those along which a value varies most among members, for whom local rows have the moments `usual`."""
    values, vectors = np.linalg.eigh((usual + usual.T) / 2)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    values, vectors = np.linalg.eigh(root @ ((variance + variance.T) / 2) @ root)
    most = np.argsort(-values)[:DIRECTIONS]
    most = most[values[most] > ROUNDING * values[-1]]
    return np.asarray(variance @ root @ vectors[:, most] / np.sqrt(values[most] * values[most].sum()))


def _product(one: Rows, other: Rows) -> Rows:
    """(n, 1): row by row."""
    return np.asarray(np.einsum("nr,nr->n", one, other)[:, None])
