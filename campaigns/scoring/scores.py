"""What every scorer says of members and offers, and what it takes to be one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable


@dataclass(frozen=True)
class Scores:
    """For n members and k offers, each (n, k) float32.

    `expected` is the expected incremental margin, net of the expected reward cost and of the contact cost, in currency
    units. `value` is the same for ranking: no more than that where evidence is thin. `redeem` is the probability that
    the member redeems the offer once given it.
    """

    value: NDArray[np.float32]
    expected: NDArray[np.float32]
    redeem: NDArray[np.float32]

    def of(self, members: slice) -> "Scores":
        """Of some of the members."""
        return Scores(self.value[members], self.expected[members], self.redeem[members])


class Asked(Protocol):
    """A scorer that is asked about some offers, for one block of members after the other."""

    def scores(self, profiles: Profiles) -> Scores: ...


class Scorer(Protocol):
    """A fitted way of valuing offers for members. `basis` says in a sentence what it was learned from, `learned_from`
    from how many past decisions."""

    @property
    def basis(self) -> str: ...

    @property
    def learned_from(self) -> int: ...

    def scores(self, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores:
        """Of all members at once; `contact_cost` is money per message."""
        ...

    def asked(self, terms: TermsTable, *, day: int, contact_cost: float, members: int) -> Asked:
        """For so many members in all, on a day in days since 1970-01-01: what does not depend on them is worked out
        once, and the faster way is taken where there are many."""
        ...

    def to_json(self) -> dict[str, Any]: ...

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self: ...
