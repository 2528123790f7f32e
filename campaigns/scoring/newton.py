"""Fits scores g(level · f + b · slopes · f) of a member's row b and an offer's features f, by Newton's method.

Rows are gone through offer by offer, so that the curvature of d columns and f features costs no more than that of the
d columns: McCullagh and Nelder (1989), sections 2.5 and 4.4, with the Kronecker product of both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from campaigns.scoring.intervals import Array
from campaigns.scoring.links import Link
from loyalty.profiling.cores import share

# Of rows that are worked on at once, so that a copy of them stays small.
BLOCK = 2**16
# The search ends when a step would bring less than this per row, which takes five to ten.
LEAST_GAIN, STEPS, HALVINGS = 1e-9, 50, 30

Rows = NDArray[np.float32]
Cost = Callable[[Array], float]


@dataclass(frozen=True, eq=False)
class Cases:
    """n cases to learn from, ascending by offer: basis (n, d), which of k offers (n,), the offers' features (k, f), the
    first of them 1, and what came (n,)."""

    basis: Rows
    offer: NDArray[np.integer]
    features: Array
    came: Array

    @classmethod
    def alike(cls, basis: Rows, came: Array) -> "Cases":
        """Where there are no offers, or nothing tells them apart."""
        return cls(basis, np.zeros(len(came), dtype=np.int8), np.ones((1, 1)), came)

    def __len__(self) -> int:
        return len(self.came)

    def take(self, rows: NDArray | slice) -> "Cases":
        return replace(self, basis=self.basis[rows], offer=self.offer[rows], came=self.came[rows])

    def blocks(self) -> Iterator["Block"]:
        """By offer, BLOCK rows at the most."""
        edges = np.searchsorted(self.offer, np.arange(len(self.features) + 1))
        for offer, (first, last) in enumerate(pairwise(edges.tolist())):
            for start in range(first, last, BLOCK):
                yield Block(offer, slice(start, min(start + BLOCK, last)))


class Block(NamedTuple):
    """Some rows about one offer."""

    offer: int
    rows: slice


@dataclass(frozen=True, eq=False)
class Weights:
    """`level` (f,) and `slopes` (d, f)."""

    level: Array
    slopes: Array

    def added(self, cases: Cases) -> Array:
        """(n,) before the link."""
        found = np.empty(len(cases))
        for offer, rows in cases.blocks():
            features = cases.features[offer]
            found[rows] = cases.basis[rows] @ (self.slopes @ features).astype(np.float32) + self.level @ features
        return found


def fitted(cases: Cases, link: Link, *, ridge: float) -> Weights:
    """Those of least loss plus half the ridge times the squared weights, of columns that are standardised for it.

    Only the level that all offers share is free of the penalty. A column that is the same for all gets no weight.
    """
    search = _Search(cases, link, ridge)
    weights = np.zeros(search.held.shape)
    cost = search.cost(weights)
    for _ in range(STEPS):
        step, gain = search.step(weights)
        if gain < LEAST_GAIN * len(cases):
            break
        weights, cost = _halved(search.cost, weights, cost, step)
    return search.as_they_are(weights)


def _halved(of: Cost, weights: Array, cost: float, step: Array) -> tuple[Array, float]:
    """Along the step, halved until the cost falls; where it never does, stay."""
    for _ in range(HALVINGS):
        if (found := of(weights - step)) <= cost:
            return weights - step, found
        step = step / 2
    return weights, cost


class _Search:
    """Cost, step and units of the search; its weights are (1 + d, f), the level first."""

    def __init__(self, cases: Cases, link: Link, ridge: float) -> None:
        self.cases, self.link = cases, link
        self.mean = cases.basis.mean(axis=0, dtype=np.float64)
        deviation = cases.basis.std(axis=0, dtype=np.float64)
        self.deviation = np.where(deviation > 1e-6 * (1 + np.abs(self.mean)), deviation, np.inf)
        self.held = np.full((1 + len(self.mean), cases.features.shape[1]), ridge)
        self.held[0, 0] = 0.0

    def cost(self, weights: Array) -> float:
        def loss(block: Block) -> float:
            _, added = self._added(block, weights)
            return float(self.link.loss(added, self.cases.came[block.rows]).sum())

        return sum(share(loss, self.cases.blocks())) + float((self.held * weights**2).sum()) / 2

    def step(self, weights: Array) -> tuple[Array, float]:
        """Where the cost would be least if its curvature stayed, and twice what that would bring."""
        columns, features = weights.shape
        slope = self.held * weights
        curvature = np.zeros((columns, features, columns, features))
        for offer, missed, steep in self._by_offer(weights):
            told = self.cases.features[offer]
            slope += np.outer(missed, told)
            curvature += np.einsum("ab,f,g->afbg", steep, told, told)
        flat = curvature.reshape(columns * features, -1) + np.diag(self.held.ravel())
        step = solve(flat, slope.ravel(), assume_a="pos").reshape(weights.shape)
        return step, float((step * slope).sum())

    def as_they_are(self, weights: Array) -> Weights:
        """For columns that are not standardised."""
        slopes = weights[1:] / self.deviation[:, None]
        return Weights(weights[0] - self.mean @ slopes, slopes)

    def _by_offer(self, weights: Array) -> Iterator[tuple[int, Array, Array]]:
        """Of each offer, slope (1 + d,) and curvature (1 + d, 1 + d) of the loss by what its features add up to."""

        def derivatives(block: Block) -> tuple[Array, Array]:
            columns, added = self._added(block, weights)
            missed = self.link.score(added) - self.cases.came[block.rows]
            steep = columns * self.link.steepness(added).astype(np.float32)[:, None]
            return (columns.T @ missed.astype(np.float32)).astype(np.float64), (steep.T @ columns).astype(np.float64)

        blocks = list(self.cases.blocks())
        found = zip(blocks, share(derivatives, blocks), strict=True)
        for offer, parts in groupby(found, key=lambda each: each[0].offer):
            missed, steep = zip(*(part for _, part in parts), strict=True)
            yield offer, np.sum(missed, axis=0), np.sum(steep, axis=0)

    def _added(self, block: Block, weights: Array) -> tuple[Rows, Array]:
        """A 1 and the standardised columns of a block, (m, 1 + d), and what is added up, (m,)."""
        rows = self.cases.basis[block.rows]
        columns = np.ones((len(rows), len(weights)), dtype=np.float32)
        np.subtract(rows, self.mean.astype(np.float32), out=columns[:, 1:])
        columns[:, 1:] /= self.deviation.astype(np.float32)
        added = columns @ (weights @ self.cases.features[block.offer]).astype(np.float32)
        return columns, added.astype(np.float64)
