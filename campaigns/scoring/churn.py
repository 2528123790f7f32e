"""Churn: which of the members who still come will not come in the next 90 days."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from campaigns.scoring.member_scorer import Members, MemberScorer
from campaigns.scoring.newton import Rows

WINDOW_DAYS = 90


def is_active(recency_days: NDArray[np.floating], *, window_days: int = WINDOW_DAYS) -> NDArray[np.bool_]:
    """(n,): who came in as many days before; the others have churned already, and have no score."""
    return np.asarray(recency_days <= window_days)


def fitted(
    basis: Rows,
    recency_days: NDArray[np.floating],
    came_again: ArrayLike,
    *,
    window_days: int = WINDOW_DAYS,
    members: Members = None,
) -> MemberScorer:
    """Learns from n members as of an earlier day: basis rows (n, d), days since they came, NaN for never, and whether
    they came again within the window."""
    active = is_active(recency_days, window_days=window_days)
    left = ~np.asarray(came_again, dtype=bool)
    whose = None if members is None else members[active]
    return MemberScorer.of_chance(basis[active], left[active], window_days=window_days, members=whose)


def scores(scorer: MemberScorer, basis: Rows, recency_days: NDArray[np.floating]) -> NDArray[np.float32]:
    """(m,): the chance that each will not come within the window; NaN for members who have churned already."""
    active = is_active(recency_days, window_days=scorer.window_days)
    found = np.full(len(active), np.nan, dtype=np.float32)
    found[active] = scorer.scores(basis[active])
    return found
