"""Lifetime value: the margin that each member will bring in the next 365 days."""

from numpy.typing import ArrayLike

from campaigns.scoring.member_scorer import Members, MemberScorer
from campaigns.scoring.newton import Rows

WINDOW_DAYS = 365


def fitted(basis: Rows, margin: ArrayLike, *, window_days: int = WINDOW_DAYS, members: Members = None) -> MemberScorer:
    """Learns from n members as of an earlier day: basis rows (n, d), and the margin of each over the window, in money.

    A programme that is younger learns from a shorter window, and its scores look as far ahead as that.
    """
    return MemberScorer.of_amount(basis, margin, window_days=window_days, members=members)
