"""Scoring as one matrix product: a block of members' rows times the weights of all offers, and a few steps element by
element for how far each offer's department appeals to each member."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.local import Local

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Product:
    """For k offers and w things to work out of each: `weights` (g, 2wk + r), first those of the general columns, then
    those that respond to affinity, last the directions of unusual members; `slopes` (w, k), in proportion to affinity;
    and `affinities` (k,), the columns of the basis with the affinity for each offer's department."""

    weights: Rows
    slopes: Rows
    affinities: NDArray[np.intp]

    def of(self, rows: Rows) -> tuple[Rows, ...]:
        """For rows (n, d): the w things worked out, (n, k) each, and how unusual each member is, (n, 1)."""
        things, offers = self.slopes.shape
        found = rows[:, : len(self.weights)] @ self.weights
        used, of_offer = np.unique(self.affinities, return_inverse=True)
        affinity = rows[:, used]
        affinity, root = affinity[:, of_offer], np.sqrt(affinity)[:, of_offer]
        parts = []
        for thing, slope in enumerate(self.slopes):
            total = found[:, thing * offers : (thing + 1) * offers]
            first = (things + thing) * offers
            total += root * found[:, first : first + offers]
            total += affinity * slope
            parts.append(total)
        unusual = np.sqrt((found[:, 2 * things * offers :] ** 2).sum(axis=1, keepdims=True))
        return (*parts, unusual)


def prepared(local: Local, weights: Sequence[Array], unusual: Array, affinities: NDArray[np.intp]) -> Product:
    """From the weights (k, c) of local rows, a matrix per thing to work out, and the directions (g, r)."""
    general = [each[:, : local.general].T for each in weights]
    responses = [_spread(each[:, local.general + 1 :], local) for each in weights]
    slopes = np.stack([each[:, local.general] for each in weights])
    whole = np.ascontiguousarray(np.hstack([*general, *responses, unusual]), dtype=np.float32)
    return Product(whole, slopes.astype(np.float32), affinities)


def sigmoid(logits: Rows) -> Rows:
    """1 / (1 + e^-x), in float32; far below 0 it is 0."""
    with np.errstate(over="ignore"):
        found = np.exp(-logits)
    found += 1
    return np.reciprocal(found, out=found)


def _spread(responses: Array, local: Local) -> Array:
    """(g, k): the weights of the columns that respond, at their places among all general ones."""
    whole = np.zeros((local.general, len(responses)))
    whole[local.responding] = responses.T
    return whole
