"""Rows in the order of a score: how well that order tells those who respond from the others.

Rows of equal score are one group, whose order is not known: nothing here depends on the order in which rows come.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.intervals import Array, Influence, NotMeasured


@dataclass(frozen=True, eq=False)
class Ranking:
    """n rows in g groups of equal score, the highest first: `group` (n,) is each row's, `rows` (g,) are their sizes."""

    group: NDArray[np.intp]
    rows: NDArray[np.intp]

    def summed(self, values: NDArray) -> Array:
        """(g,): the sum of (n,) values over each group."""
        return np.asarray(np.bincount(self.group, weights=values, minlength=len(self.rows)), dtype=np.float64)

    def middle(self) -> Array:
        """(g,): the share of all rows that stand above the middle of each group, between 0 and 1."""
        return (np.cumsum(self.rows) - self.rows / 2) / len(self.group)


def ranked(score: NDArray[np.floating]) -> Ranking:
    """NotMeasured without rows, or where a score is unknown."""
    if not len(score):
        raise NotMeasured("There are no rows to rank.")
    if np.isnan(score).any():
        raise NotMeasured("Some scores are unknown: leave their rows out, or give them the score of an average member.")
    _, group, rows = np.unique(-score, return_inverse=True, return_counts=True)
    return Ranking(group, rows)


def auc(positive: NDArray[np.bool_], score: NDArray[np.floating]) -> Influence:
    """The chance that one who responded has a higher score than one who did not, a tie counting half.

    Influence by DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44). NotMeasured unless some of the (n,) rows
    responded and some did not.
    """
    ranking = ranked(score)
    yes = ranking.summed(positive)
    no = ranking.rows - yes
    share = float(positive.mean())
    if share in (0.0, 1.0):
        raise NotMeasured("All rows have the same outcome: no order can tell them apart.")
    no_below = (no.sum() - np.cumsum(no) + no / 2) / no.sum()
    yes_above = (np.cumsum(yes) - yes / 2) / yes.sum()
    value = float(yes @ no_below / yes.sum())
    each = np.where(
        positive, (no_below - value)[ranking.group] / share, (yes_above - value)[ranking.group] / (1 - share)
    )
    return Influence(value, each)


def top_share(positive: NDArray[np.bool_], score: NDArray[np.floating], share: float) -> Influence:
    """The share who responded among the best `share` of rows: precision in the top decile at 0.1.

    The influence takes the edge as given.
    """
    part = _top(score, share)
    value = float(part @ positive / part.sum())
    return Influence(value, part * (positive - value) / share)


def captured(amount: Array, score: NDArray[np.floating], share: float) -> Influence:
    """Of all that came, (n,) amounts, how much the best `share` of rows brought: `share` itself for a chance order.

    NotMeasured unless something came. The influence takes the edge as given.
    """
    if (usual := float(amount.mean())) <= 0:
        raise NotMeasured("Nothing came in this period, of which the best could have brought a part.")
    part = _top(score, share)
    value = float(part @ amount / amount.sum())
    return Influence(value, (part - value) * amount / usual)


def _top(score: NDArray[np.floating], share: float) -> Array:
    """(n,): 1 for rows among the best `share`, less where the edge cuts a group of equal scores, 0 for the others."""
    if not 0 < share <= 1:
        raise ValueError("The share at the top lies between 0 and 1: give 0.1 for the top decile.")
    ranking = ranked(score)
    above = np.cumsum(ranking.rows) - ranking.rows
    return np.clip((share * len(score) - above) / ranking.rows, 0.0, 1.0)[ranking.group]
