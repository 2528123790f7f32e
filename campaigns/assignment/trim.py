"""Takes offers back, from those who lose least by it, until every limit holds."""

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Limits


def trimmed(
    offer: NDArray[np.intp], worth: NDArray[np.float64], use: NDArray[np.float64], limits: Limits
) -> NDArray[np.intp]:
    """The offers (n,), -1 for nothing, with as many taken back as the limits demand.

    `worth` (n,) ranks members: those with the least go first, under each offer's own limits and then under the common
    ones. `use` (n, k).
    """
    ranked = np.flatnonzero(offer >= 0)
    ranked = ranked[np.argsort(-worth[ranked], kind="stable")]
    kept = np.concatenate(
        [_kept_by_offer(ranked[offer[ranked] == j], use[:, j], limits, j) for j in range(use.shape[1])]
    )
    ranked = ranked[np.isin(ranked, kept)]
    fitting = leading(use[ranked, offer[ranked]], limits.contacts, limits.total)
    return only(offer, ranked[:fitting])


def _kept_by_offer(ranked: NDArray[np.intp], use: NDArray[np.float64], limits: Limits, offer: int) -> NDArray[np.intp]:
    return ranked[: leading(use[ranked], limits.count[offer], limits.money[offer])]


def leading(use: NDArray[np.float64], count: float, money: float) -> int:
    """How many of the first fit into both a count and an amount of money."""
    paid = int(np.searchsorted(np.cumsum(use), money, side="right"))
    return paid if paid < count else int(count)


def only(offer: NDArray[np.intp], members: NDArray[np.intp]) -> NDArray[np.intp]:
    kept = np.full_like(offer, -1)
    kept[members] = offer[members]
    return kept
