"""What a run may give: one column of the decision per offer, as plain arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from loyalty.profiling.segments import Rule

KINDS = ("percent", "amount", "points", "multiplier", "free_item", "information", "service")

ALWAYS = int(np.iinfo(np.int32).min)
FOREVER = int(np.iinfo(np.int32).max)


@dataclass(frozen=True)
class TermsTable:
    """The terms of k offers.

    Days are days since 1970-01-01; `valid_from` may be ALWAYS and `valid_until`, which is the last day, FOREVER.
    Money is in currency units. `value` is read by kind: per cent for percent, money for amount and free_item, points
    for points, a factor for multiplier. `reward_cost` is what one redemption costs beyond the discount at the till.
    "None" is 0 in `limit_per_member`, -1 in `limit_total`, nan in `budget`, None in `departments` and `rules`.
    `contains` is what is in it, of `loyalty.profiling.stating.INGREDIENTS`.

    Raises ValueError when a column has not one entry per offer, or a kind is none of KINDS.
    """

    terms_ids: NDArray[np.int64]
    offer_refs: Sequence[str]
    names: Sequence[str]
    kinds: Sequence[str]
    departments: Sequence[str | None]
    value: NDArray[np.float64]
    minimum_spend: NDArray[np.float64]
    reward_cost: NDArray[np.float64]
    valid_from: NDArray[np.int32]
    valid_until: NDArray[np.int32]
    limit_per_member: NDArray[np.int32]
    limit_total: NDArray[np.int64]
    budget: NDArray[np.float64]
    rules: Sequence[Rule | None]
    age_restricted: NDArray[np.bool_]
    channels: Sequence[frozenset[str]]
    contains: Sequence[frozenset[str]]

    def __post_init__(self) -> None:
        for column in fields(self):
            entries = len(getattr(self, column.name))
            if entries != len(self):
                raise ValueError(f"{column.name} has {entries} entries for {len(self)} offers: give one per offer.")
        unknown = sorted(set(self.kinds) - set(KINDS))
        if unknown:
            raise ValueError(f"{unknown[0]} is not a kind of offer: use one of {', '.join(KINDS)}.")

    def __len__(self) -> int:
        return len(self.terms_ids)
