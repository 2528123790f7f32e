"""What a score must beat: the past rate of the group that a row belongs to, the same for all rows of the group.

Groups are what makes the baseline: everybody (the base rate), the offer or category that is asked about (popularity),
or whether it is where the member bought last (last category). As scores they are judged by the same figures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# This many imagined rows at the base rate stand behind each group, so that one lucky row makes no favourite.
PRIOR_ROWS = 10.0

ELSEWHERE, THERE, UNKNOWN = range(3)

Groups = NDArray[np.integer]


@dataclass(frozen=True)
class Baseline:
    """The rate of each of g groups, of responses or of money per row."""

    rates: tuple[float, ...]

    @classmethod
    def fit(cls, group: Groups, outcome: ArrayLike, *, groups: int) -> "Baseline":
        """From (n,) past rows: their group, 0 to `groups` less one, and what came; ValueError without rows."""
        came = np.asarray(outcome, dtype=np.float64)
        if not len(came):
            raise ValueError("A baseline is a past rate: give it the outcomes of an earlier period.")
        rows = np.bincount(group, minlength=groups)
        total = np.bincount(group, weights=came, minlength=groups)
        rates = (total + PRIOR_ROWS * came.mean()) / (rows + PRIOR_ROWS)
        return cls(tuple(rates.tolist()))

    def scores(self, group: Groups) -> NDArray[np.float32]:
        """The rate of each row's group, in the shape of `group`."""
        return np.asarray(self.rates, dtype=np.float32)[group]


def everybody(rows: int) -> Groups:
    """The one group of the base rate, (rows,)."""
    return np.zeros(rows, dtype=np.int64)


def bought_last(last: Groups, asked: Groups) -> Groups:
    """ELSEWHERE, THERE or UNKNOWN: whether the category asked about is where the member bought last.

    Codes of categories, -1 for unknown, in shapes that go together: (n,) and (n,) for a category each, or (n, 1) and
    (k,) for all.
    """
    known = (last >= 0) & (asked >= 0)
    return np.asarray(np.where(known, np.where(last == asked, THERE, ELSEWHERE), UNKNOWN))
