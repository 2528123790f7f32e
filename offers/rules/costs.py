"""What an offer costs us each time a member redeems it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offers.rules.terms import TermsTable


@dataclass(frozen=True)
class RedemptionCosts:
    """What one redemption of each of k offers costs: `flat` + `share` × the larger of the member's average basket and
    `minimum`, each (k,) and in currency units but the share."""

    flat: NDArray[np.float64]
    share: NDArray[np.float64]
    minimum: NDArray[np.float64]

    def of(self, average_basket: NDArray[np.floating]) -> NDArray[np.float32]:
        """(n, k) of members by their average baskets (n,); an unknown one (nan) counts as the minimum spend."""
        basket = np.nan_to_num(np.asarray(average_basket, dtype=np.float64), nan=0.0)[:, None]
        cost = np.empty((len(basket), len(self.flat)), dtype=np.float32)
        cost[:] = self.flat
        shared = np.flatnonzero(self.share)
        cost[:, shared] = self.share[shared] * np.maximum(basket, self.minimum[shared]) + self.flat[shared]
        return cost


def redemption_costs(terms: TermsTable) -> RedemptionCosts:
    """What one redemption costs: the discount at the till plus `reward_cost`.

    | kind | discount at the till |
    | --- | --- |
    | percent | value / 100 × the larger of the member's average basket and the minimum spend |
    | amount | value |
    | free_item | value, the item's worth |
    | points, multiplier | 0: what the points are worth is the reward cost |
    | information, service | 0 |
    """
    kinds = np.asarray(terms.kinds)
    return RedemptionCosts(
        flat=np.where(np.isin(kinds, ("amount", "free_item")), terms.value, 0.0) + terms.reward_cost,
        share=np.where(kinds == "percent", terms.value / 100, 0.0),
        minimum=terms.minimum_spend,
    )


def redemption_cost(terms: TermsTable, average_basket: NDArray[np.floating]) -> NDArray[np.float32]:
    """Money that one redemption costs, (n, k) in currency units, of members by their average baskets (n,)."""
    return redemption_costs(terms).of(average_basket)
