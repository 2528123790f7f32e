"""Scoring as a matrix product: a block of members' rows times the weights of all offers, and a few steps element by
element for how far each offer's department appeals to each member."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.local import Local

ROWS_AT_ONCE = 2**12  # of which all that is worked out fits into a processor's cache

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Weights:
    """What is worked out of k offers, such as margins: the weights of `general` columns (g, k); of those that grow with
    the affinity for the offer's department, `proportional` (q, k); and with its root, `responding` (s, k)."""

    general: Rows
    proportional: Rows
    responding: Rows


@dataclass(frozen=True, eq=False)
class Product:
    """For k offers, the weights of each thing to work out. `used` (t,) are the columns of affinities in use, and
    `chosen` (t, k) is 1 where an offer is of that department."""

    things: tuple[Weights, ...]
    used: NDArray[np.intp]
    chosen: Rows

    def of(self, rows: Rows) -> tuple[Rows, ...]:
        """Each thing worked out for rows (n, d): (n, k)."""
        found = tuple(_times(rows, each.general) for each in self.things)
        if len(self.used):
            affinity = rows[:, self.used] @ self.chosen
            root = np.sqrt(affinity)
            for part, each in zip(found, self.things, strict=True):
                for gain, weights in ((affinity, each.proportional), (root, each.responding)):
                    added = _times(rows, weights)
                    added *= gain
                    np.add(part, added, out=part)
        return found


def prepared(local: Local, weights: Sequence[Array], affinities: NDArray[np.intp]) -> Product:
    """From weights (k, c) of local rows, a matrix per thing to work out.

    `affinities` (k,) are columns of the basis; 0 stands for no department, where affinity is 1 for everybody, so that
    all weights are of general columns.
    """
    used = np.unique(affinities[affinities > 0])
    chosen = (used[:, None] == affinities).astype(np.float32)
    return Product(tuple(_weights(each, local, affinities > 0) for each in weights), used, chosen)


def blocks(members: int) -> Iterator[slice]:
    """Consecutive rows that are best worked out together."""
    return (slice(first, first + ROWS_AT_ONCE) for first in range(0, members, ROWS_AT_ONCE))


def sigmoid_of_double(halves: Rows) -> Rows:
    """1 / (1 + e^-2x) in place, as (1 + tanh x) / 2, which takes half the time."""
    np.tanh(halves, out=halves)
    halves *= np.float32(0.5)
    halves += np.float32(0.5)
    return halves


def _times(rows: Rows, weights: Rows) -> Rows:
    """With as many of the first columns as there are weights."""
    return rows[:, : len(weights)] @ weights


def _weights(weights: Array, local: Local, has_department: NDArray[np.bool_]) -> Weights:
    own, proportional = weights[:, : local.general], weights[:, local.general : local.general + local.proportional]
    responding = weights[:, local.general + local.proportional :]
    general = np.where(has_department[:, None], own, weights @ local.at_average().T)
    return Weights(
        np.ascontiguousarray(general.T, dtype=np.float32),
        np.ascontiguousarray(np.where(has_department[:, None], proportional, 0.0).T, dtype=np.float32),
        np.ascontiguousarray(np.where(has_department[:, None], responding, 0.0).T, dtype=np.float32),
    )
