"""What chance could have given in past decisions: what an incremental margin is learned from."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offers.rules.terms import TermsTable

NOTHING = -1  # what stands for the position of an offer where none was given


@dataclass(frozen=True)
class Draws:
    """Of m decisions that chance made, what it could have made of them.

    `offers` are the terms of K offers as past runs gave them, one row per run and offer, and `day` (K,) is the day the
    run decided, in days since 1970-01-01. `offer` (m,) is the row of what was given, NOTHING where nothing was.

    `chances` (q, K) holds every set of probabilities that decisions were drawn with, one per offer; what they lack to 1
    is the probability of nothing. `design` (m,) is the row that a decision was drawn with, so that
    chances[design, offer] is the probability of what was given.

    `basis` (m, d) float32 is each member's row of a basis as of the decision, and `names` (d,) are its columns.

    Raises ValueError where these do not fit together, or something was given that had no chance.
    """

    offers: TermsTable
    day: NDArray[np.int32]
    offer: NDArray[np.int32]
    design: NDArray[np.int32]
    chances: NDArray[np.float64]
    basis: NDArray[np.float32]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not len(self.offer) == len(self.design) == len(self.basis):
            raise ValueError("Draws need an offer, a design and a row of the basis per decision.")
        if not self.chances.shape[1] == len(self.day) == len(self.offers):
            raise ValueError("Draws need a day and a column of chances per past offer.")
        if self.basis.shape[1] != len(self.names):
            raise ValueError("Draws need a name per column of the basis.")
        if np.any(self.chances < 0) or np.any(self.chances.sum(axis=1) > 1 + 1e-9):
            raise ValueError("Chances are probabilities: none below 0, and those of one decision at most 1 together.")
        if np.any(self.probability <= 0):
            raise ValueError("Something was given that had no chance: give the chances the decisions were drawn with.")

    def __len__(self) -> int:
        return len(self.offer)

    @property
    def probability(self) -> NDArray[np.float64]:
        """(m,): with which probability each decision was what it was."""
        nothing = np.maximum(1 - self.chances.sum(axis=1, keepdims=True), 0.0)
        given = np.hstack([self.chances, nothing])[self.design, self.offer]  # NOTHING is the last column
        return np.asarray(given, dtype=np.float64)

    def take(self, index: NDArray[Any]) -> "Draws":
        """The decisions at an index or under a mask."""
        return replace(
            self, offer=self.offer[index], design=self.design[index], basis=np.ascontiguousarray(self.basis[index])
        )


def observed_chances(offer: NDArray[np.integer[Any]], offers: int) -> NDArray[np.float64]:
    """(1, K): the share of the decisions (m,) that gave each of K offers.

    They stand for the probabilities of a run that gave everybody the same chances and kept no record of them.
    """
    given = np.bincount(offer[offer != NOTHING], minlength=offers)
    return np.asarray(given[None, :] / max(len(offer), 1), dtype=np.float64)


def joined(draws: Sequence[Draws]) -> Draws:
    """The decisions of one or more, one after the other; ValueError where their rows are of different bases."""
    if len({each.names for each in draws}) > 1:
        raise ValueError("The decisions have rows of different bases: compute all of them by one basis.")
    offers = np.cumsum([0, *(len(each.offers) for each in draws)])[:-1]
    designs = np.cumsum([0, *(len(each.chances) for each in draws)])[:-1]
    return Draws(
        offers=_stacked([each.offers for each in draws]),
        day=np.concatenate([each.day for each in draws]),
        offer=np.concatenate([_shifted(each.offer, by) for each, by in zip(draws, offers, strict=True)]),
        design=np.concatenate([each.design + np.int32(by) for each, by in zip(draws, designs, strict=True)]),
        chances=_side_by_side([each.chances for each in draws]),
        basis=np.concatenate([each.basis for each in draws]),
        names=draws[0].names,
    )


def _shifted(offer: NDArray[np.int32], by: int) -> NDArray[np.int32]:
    return np.where(offer == NOTHING, NOTHING, offer + by).astype(np.int32)


def _side_by_side(blocks: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Each below and to the right of the one before; what one run gave had no chance in another."""
    rows, columns = np.sum([block.shape for block in blocks], axis=0)
    chances, row, column = np.zeros((rows, columns)), 0, 0
    for block in blocks:
        chances[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return chances


def _stacked(tables: Sequence[TermsTable]) -> TermsTable:
    columns: dict[str, Any] = {}
    for field in fields(TermsTable):
        parts = [getattr(table, field.name) for table in tables]
        in_arrays = isinstance(parts[0], np.ndarray)
        columns[field.name] = np.concatenate(parts) if in_arrays else [row for part in parts for row in part]
    return TermsTable(**columns)
