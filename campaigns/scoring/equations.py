"""The normal equations of weights for every column of offers and every column of members, accumulated in blocks.

The weights are a matrix U (f, c): a row per column of `offering`, a column per column of `local` rows. An offer with
the features z gives a member with the local row b the prediction Σ z_j U_jl b_l.

Decisions come in groups that differ only in the member: one contrast r (K,) of offers each. A decision of the group
says Σ_a r_a (prediction of offer a) ≈ target. With S the second moments of a group's rows, the gram matrix is the sum
over groups of (r rᵀ) ⊗ S, seen through the features of the offers: no decision is ever multiplied out into f × c.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.local import Local

ROWS_AT_ONCE = 2**13
NUMBERS_AT_ONCE = 2**26  # of second moments: half a gigabyte

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Offers:
    """Of K offers: `features` (K, f), and `affinities` (K,), the columns of the basis with the affinities for their
    departments, from which `local` rows are made."""

    features: Array
    affinities: NDArray[np.intp]
    local: Local

    def some(self, index: NDArray[np.intp]) -> "Offers":
        """The offers at an index."""
        return replace(self, features=self.features[index], affinities=self.affinities[index])


@dataclass(frozen=True, eq=False)
class Groups:
    """`of` (m,) is the group of each decision, `contrasts` (G, K) what a group says of each offer."""

    of: NDArray[np.intp]
    contrasts: Array


@dataclass(frozen=True, eq=False)
class Equations:
    """`gram` (f, c, f, c) and `moment` (f, c), of which the sum over more decisions is the sum of both."""

    gram: Array
    moment: Array

    def __add__(self, other: "Equations") -> "Equations":
        return Equations(self.gram + other.gram, self.moment + other.moment)


def none(features: int, columns: int) -> Equations:
    """The equations of no decisions."""
    return Equations(np.zeros((features, columns, features, columns)), np.zeros((features, columns)))


def accumulated(rows: Rows, target: Array, weight: Array, groups: Groups, offers: Offers) -> Equations:
    """The equations of m decisions: rows (m, d) of the basis, and what each earned (m,), with its weight (m,)."""
    order = np.argsort(groups.of, kind="stable")
    bounds = np.searchsorted(groups.of[order], np.arange(len(groups.contrasts) + 1))
    found = none(offers.features.shape[1], offers.local.size)
    at_once = max(1, NUMBERS_AT_ONCE // offers.local.expanded(rows[:1]).shape[1] ** 2)
    for first in range(0, len(groups.contrasts), at_once):
        some = range(first, min(first + at_once, len(groups.contrasts)))
        decisions = (order[bounds[group] : bounds[group + 1]] for group in some)
        sums = [moments(rows, target, weight, offers.local.expanded, of=each) for each in decisions]
        second, cross = (np.stack(parts) for parts in zip(*sums, strict=True))
        _add(found, groups.contrasts[some.start : some.stop], second, cross, offers)
    return found


def moments(
    rows: Rows, target: Array, weight: Array, made: Callable[[Rows], Rows], *, of: NDArray[np.intp] | None = None
) -> tuple[Array, Array]:
    """Weighted second moments (e, e) of the rows (m, e) that are `made` of rows of the basis, and their products with
    the target (e,); of all decisions, or those at an index. Sums are of float32 in a block, of float64 over blocks."""
    size = made(rows[:1]).shape[1]
    second, cross = np.zeros((size, size)), np.zeros(size)
    for some in blocks(np.arange(len(rows)) if of is None else of):
        root = np.sqrt(weight[some]).astype(np.float32)
        block = made(rows[some]) * root[:, None]
        second += block.T @ block
        cross += (target[some].astype(np.float32) * root) @ block
    return second, cross


def blocks(index: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Parts of an index that fit into a processor's cache as rows."""
    return (index[first : first + ROWS_AT_ONCE] for first in range(0, len(index), ROWS_AT_ONCE))


def add_own(found: Equations, features: Array, second: Array, cross: Array) -> None:
    """Adds what the decisions on one offer with these features (f,) say of that offer alone."""
    for feature in np.flatnonzero(features):
        found.moment[feature] += features[feature] * cross
        for other in np.flatnonzero(features):
            found.gram[feature, :, other] += features[feature] * features[other] * second


def _add(found: Equations, contrasts: Array, second: Array, cross: Array, offers: Offers) -> None:
    """Adds what groups say, one offer's side of the equations after the other."""
    features, columns = offers.features, offers.local.columns(offers.affinities)
    everyone = np.arange(len(features))[:, None, None]
    for offer, own in enumerate(columns):
        said = contrasts[:, offer]
        together = (said[:, None] * contrasts).T @ second.reshape(len(second), -1)
        local = together.reshape(-1, *second.shape[1:])[everyone, own[None, :, None], columns[:, None, :]]
        seen = np.tensordot(features, local, axes=(0, 0)).transpose(1, 0, 2)
        moment = (said @ cross)[own]
        for feature in np.flatnonzero(features[offer]):
            found.gram[feature] += features[offer, feature] * seen
            found.moment[feature] += features[offer, feature] * moment
