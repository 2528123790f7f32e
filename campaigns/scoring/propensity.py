"""Propensity: the chance that a member responds with an offer, and without one.

Both rest on the same basis of members. With an offer the weights of a member's columns depend on the offer's features,
so that any number of offers is one matrix product and a new offer has a score from its first day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from campaigns.scoring.intervals import Array
from campaigns.scoring.learner import learnt
from campaigns.scoring.links import LOGISTIC
from campaigns.scoring.member_scorer import Members, MemberScorer
from campaigns.scoring.newton import Cases, Rows, Weights

HELD_OUT = -1


@dataclass(frozen=True, eq=False)
class Propensity:
    """Of members with d basis columns and offers with f features: the weights with an offer, whose first feature is 1,
    and the scorer without."""

    offered: Weights
    alone: MemberScorer

    @classmethod
    def fit(
        cls,
        basis: Rows,
        offer: NDArray[np.integer],
        features: Array,
        responded: ArrayLike,
        *,
        window_days: int,
        members: Members = None,
    ) -> "Propensity":
        """Learns from n past decisions that chance took: basis rows (n, d) as of the decision, the offer's position in
        `features` (k, f) or HELD_OUT, and whether they responded within the window.

        NotMeasured unless some responded and some did not, both with an offer and without. `members` (n,) tells whose
        each decision is.
        """
        came = np.asarray(responded, dtype=np.float64)
        whose = np.arange(len(came)) if members is None else members
        alone = offer == HELD_OUT
        ordered = np.flatnonzero(~alone)[np.argsort(offer[~alone], kind="stable")]
        cases = Cases(basis[ordered], offer[ordered], _with_one(features), came[ordered])
        return cls(
            learnt(cases, LOGISTIC, members=whose[ordered]),
            MemberScorer.of_chance(basis[alone], came[alone], window_days=window_days, members=whose[alone]),
        )

    def with_offer(self, basis: Rows, features: Array) -> NDArray[np.float32]:
        """(m, k): the chance of a response by each member to each offer."""
        told = _with_one(features)
        added = basis @ (self.offered.slopes @ told.T).astype(np.float32)
        added += (told @ self.offered.level).astype(np.float32)
        return np.asarray(expit(added, out=added))

    def without_offer(self, basis: Rows) -> NDArray[np.float32]:
        """(m,): the chance of the same without an offer."""
        return self.alone.scores(basis)

    def to_json(self) -> dict[str, Any]:
        return {
            "level": self.offered.level.tolist(),
            "slopes": self.offered.slopes.tolist(),
            "alone": self.alone.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Propensity":
        return cls(Weights(np.array(data["level"]), np.array(data["slopes"])), MemberScorer.from_json(data["alone"]))


def _with_one(features: Array) -> Array:
    return np.column_stack([np.ones(len(features)), features])
