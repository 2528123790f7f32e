"""What an offer costs us each time a member redeems it."""

import numpy as np
from numpy.typing import NDArray

from offers.rules.terms import TermsTable


def redemption_cost(terms: TermsTable, average_basket: NDArray[np.floating]) -> NDArray[np.float32]:
    """Money that one redemption costs, (n, k) in currency units: the discount at the till plus `reward_cost`.

    | kind | discount at the till |
    | --- | --- |
    | percent | value / 100 × the larger of the member's average basket and the minimum spend |
    | amount | value |
    | free_item | value, the item's worth |
    | points, multiplier | 0: what the points are worth is the reward cost |
    | information, service | 0 |

    `average_basket` (n,) is in currency units. A member whose basket is unknown (nan) is taken to spend the minimum.
    """
    basket = np.nan_to_num(np.asarray(average_basket, dtype=np.float64), nan=0.0)[:, None]
    kinds = np.asarray(terms.kinds)
    flat = np.where(np.isin(kinds, ("amount", "free_item")), terms.value, 0.0) + terms.reward_cost
    cost = np.empty((len(basket), len(terms)), dtype=np.float32)
    cost[:] = flat
    percent = np.flatnonzero(kinds == "percent")
    of_basket = terms.value[percent] / 100 * np.maximum(basket, terms.minimum_spend[percent])
    cost[:, percent] = of_basket + terms.reward_cost[percent]
    return cost
