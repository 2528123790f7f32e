"""One score per member: the chance that something comes within some days, or how much, from what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from campaigns.scoring.intervals import Array
from campaigns.scoring.learner import learnt
from campaigns.scoring.links import EXPONENTIAL, LINKS, LOGISTIC, Link
from campaigns.scoring.newton import Cases, Rows

Members = NDArray[np.integer] | None


@dataclass(frozen=True, eq=False)
class MemberScorer:
    """A score of members by their rows of a basis with d columns; the basis is kept elsewhere.

    `unit` is what a score of 1 before it stands for: 1 for chances, an amount of money otherwise. `window_days` is how
    far ahead a score looks, `learned_from` how many cases taught it.
    """

    link: Link
    level: float
    slopes: Rows
    unit: float
    window_days: int
    learned_from: int

    @classmethod
    def of_chance(
        cls, basis: Rows, happened: ArrayLike, *, window_days: int, members: Members = None
    ) -> "MemberScorer":
        """Learns to whom something happens, 0 or 1 (n,), from basis rows as of the day the window began, (n, d).

        `members` (n,) tells whose each row is where rows of several days are put together.
        """
        return cls._learnt(basis, np.asarray(happened, dtype=np.float64), LOGISTIC, window_days, members)

    @classmethod
    def of_amount(cls, basis: Rows, came: ArrayLike, *, window_days: int, members: Members = None) -> "MemberScorer":
        """Learns how much comes, (n,) in money, likewise. Whoever cost more than they brought counts as 0."""
        amount = np.maximum(np.asarray(came, dtype=np.float64), 0.0)
        return cls._learnt(basis, amount, EXPONENTIAL, window_days, members)

    @classmethod
    def _learnt(cls, basis: Rows, came: Array, link: Link, window_days: int, members: Members) -> "MemberScorer":
        unit = float(came.mean()) if link is EXPONENTIAL and came.any() else 1.0
        whose = np.arange(len(came)) if members is None else members
        weights = learnt(Cases.alike(basis, came / unit), link, members=whose)
        slopes = weights.slopes[:, 0].astype(np.float32)
        return cls(link, float(weights.level[0]), slopes, unit, window_days, len(came))

    def scores(self, basis: Rows) -> NDArray[np.float32]:
        """(m,) for basis rows (m, d): chances, or money."""
        return np.asarray(self.link.score(basis @ self.slopes + np.float32(self.level)) * self.unit, dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        return {
            "link": self.link.name,
            "level": self.level,
            "slopes": self.slopes.tolist(),
            "unit": self.unit,
            "window_days": self.window_days,
            "learned_from": self.learned_from,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "MemberScorer":
        slopes = np.asarray(data["slopes"], dtype=np.float32)
        return cls(LINKS[data["link"]], data["level"], slopes, data["unit"], data["window_days"], data["learned_from"])
