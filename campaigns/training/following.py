"""What later decisions would have brought, had a scorer taken them: the best of the offers a member could have got by
chance, or nothing where none is worth it.

Chance took some decisions as the scorer would have. Each of these counts one over the probability of what happened, and
what members brought who got nothing is taken off (inverse propensity weighting: Horvitz and Thompson, 1952, JASA 47).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.draws import NOTHING
from campaigns.scoring.intervals import Estimate, Influence, NotMeasured, mean
from campaigns.training.pairs import Scoring, before, less_what_was_usual
from campaigns.training.past import Past

Array = NDArray[np.float64]

NOBODY_HELD_OUT = "None of these decisions gave nothing by chance, so it is not known what members bring anyway."


@dataclass(frozen=True, eq=False)
class Followed:
    """What each of m decisions brought, and (m, s) how much it counts for each of s scorers: below 0 where the decision
    gave nothing and the scorer would have given something."""

    outcome: Array
    weight: Array
    member: NDArray[np.int64]

    def gain(self, at: int, *, over: int | None = None) -> Estimate:
        """By how much more a member would have brought, in money, had the scorer decided rather than given nothing, or
        rather than another scorer."""
        if not len(self.member):
            raise NotMeasured(NOBODY_HELD_OUT)
        found = self._influence(at) if over is None else self._influence(at) - self._influence(over)
        return found.estimate(members=self.member)

    def _influence(self, at: int) -> Influence:
        return mean(self.weight[:, at] * self.outcome)


def followed(past: Sequence[Past], scorers: Sequence[Scoring]) -> Followed:
    """For runs that held somebody out; the others tell nothing of what members bring anyway."""
    parts = [part for run in past for part in run.blocks()]
    found = [_followed(some, scorers) for part in parts if len(some := part.take(_nothing(part) > 0))]
    if not found:
        return Followed(np.zeros(0), np.zeros((0, len(scorers))), np.zeros(0, dtype=np.int64))
    outcome, usual, weight, member = (np.concatenate(column) for column in zip(*found, strict=True))
    centred = less_what_was_usual(outcome, usual)
    return Followed(centred - centred.mean(), weight, member)


def _followed(part: Past, scorers: Sequence[Scoring]) -> tuple[Array, Array, Array, NDArray[np.int64]]:
    chances = part.chances[part.design]
    of_nothing = _nothing(part)
    of_given = np.where(part.offer == NOTHING, of_nothing, chances[np.arange(len(part)), part.offer])
    as_nothing = np.where(part.offer == NOTHING, 1 / of_nothing, 0.0)
    weights = []
    for scorer in scorers:
        chosen = _chosen(scorer.scores(part.profiles, part.terms, contact_cost=0.0).value, chances)
        weights.append(np.where(part.offer == chosen, 1 / of_given, 0.0) - as_nothing)
    return part.net, before(part), np.stack(weights, axis=1), part.profiles.member_ids


def _chosen(value: NDArray[np.float32], chances: Array) -> NDArray[np.int32]:
    """(m,) The best offer that chance could have given, NOTHING where none is worth more than nothing."""
    open_to = np.where(chances > 0, value, -np.inf)
    best = open_to.argmax(axis=1)
    return np.where(open_to[np.arange(len(best)), best] > 0, best, NOTHING).astype(np.int32)


def _nothing(part: Past) -> Array:
    """(m,) The probability that a decision gave nothing."""
    return np.asarray(np.maximum(1 - part.chances.sum(axis=1), 0.0)[part.design])
