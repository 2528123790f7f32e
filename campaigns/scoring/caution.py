"""How far an expected value may be off, for a block of members and offers in the same matrix product as the value.

The exact standard error of a value takes a quadratic form per pair. Taken apart into the offer's own, for members on
average, times how unusual the member is, for offers on average, it takes a few columns more in the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.shrinkage import Posterior

DIRECTIONS = 12  # in which a member may be unusual

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Caution:
    """`offers` (f, f): the variance of a value, for members on average, is a quadratic form in the offer's features;
    `new_offer` is what is added where it was never given. `members` (g, r) are the directions of unusual members,
    whose mean square is 1."""

    offers: Array
    new_offer: float
    members: Array

    def errors(self, features: Array, is_known: NDArray[np.bool_]) -> Array:
        """(k,): the standard error of each offer's value for members on average."""
        variance: Array = np.einsum("kf,fg,kg->k", features, self.offers, features)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0) + np.where(is_known, 0.0, self.new_offer)))

    def unusual(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 1): how unusual members with these rows (n, d) of the basis are, 1 for members on average."""
        along = rows[:, : len(self.members)] @ self.members.astype(np.float32)
        return np.asarray(np.sqrt((along**2).sum(axis=1, keepdims=True)))

    def to_json(self) -> dict[str, Any]:
        return {"offers": self.offers.tolist(), "new_offer": self.new_offer, "members": self.members.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Caution":
        return cls(np.array(data["offers"]), float(data["new_offer"]), np.array(data["members"]))


def learned(posterior: Posterior, *, usual: Array, features: Array, new_offer: Array, at_average: Array) -> Caution:
    """From the covariance of the weights; the second moments `usual` (c, c) of local rows; the `features` (K, f) of
    past offers; the variances (c,) of the weights that a new offer would have of its own; and `at_average` (g, c),
    which takes affinity for average, so that a member is as unusual for one department as for another."""
    covariance = posterior.covariance
    offers = np.tensordot(covariance, usual, axes=([1, 3], [0, 1]))
    together = features.T @ features / max(len(features), 1)
    of_members = at_average @ np.tensordot(together, covariance, axes=([0, 1], [0, 2])) @ at_average.T
    general = len(at_average)
    return Caution(offers, float(new_offer @ np.diag(usual)), _directions(of_members, usual[:general, :general]))


def _directions(of_members: Array, usual: Array) -> Array:
    values, vectors = np.linalg.eigh((of_members + of_members.T) / 2)
    most = np.argsort(-values)[:DIRECTIONS]
    directions = vectors[:, most] * np.sqrt(np.maximum(values[most], 0.0))
    mean_square = float(np.einsum("br,bd,dr->", directions, usual, directions))
    return np.asarray(directions / np.sqrt(max(mean_square, 1e-300)))
