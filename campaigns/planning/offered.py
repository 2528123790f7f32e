"""What each offer is worth for each member, and what it may take from the limits, a block of members at a time."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Block
from campaigns.planning import kernels
from campaigns.planning.crowd import Crowd
from campaigns.planning.inputs import Inputs
from campaigns.planning.openness import Openness, carried
from campaigns.scoring.scores import Asked, Scores
from loyalty.profiling.table import Profiles
from offers.rules.costs import RedemptionCosts
from offers.rules.terms import TermsTable

NO_CATEGORY = -1
IN_CACHE = 2**13  # members whose values stay in the processor's cache while they are worked out


@dataclass(frozen=True, eq=False)
class Valuing:
    """How members and offers are valued: by which scorer, that is asked about these offers, and at what basket where
    none is known."""

    scorer: Asked
    usual_basket: float
    costs: RedemptionCosts

    def scores(self, members: Profiles) -> Scores:
        return self.scorer.scores(members)

    def baskets(self, members: Profiles) -> NDArray[np.float64]:
        """(n,): average baskets; nobody's percentage off is free, though their basket is not known."""
        basket = members.column("average_basket")
        return np.where(np.isnan(basket), self.usual_basket, basket).astype(np.float64, copy=False)

    def redemption_cost(self, members: Profiles) -> NDArray[np.float32]:
        """(n, k): what one redemption costs."""
        return self.costs.of(self.baskets(members))


@lru_cache(maxsize=4)
def usual_basket(everyone: Profiles) -> float:
    """The middle one of everybody's average baskets."""
    baskets = everyone.column("average_basket")
    known = baskets[~np.isnan(baskets)]
    return float(np.median(known)) if known.size else 0.0


@dataclass(frozen=True, eq=False)
class Offered:
    """n members and k offers as the solver asks for them (`campaigns.assignment.pairs.Pairs`).

    `tie` (n,) is a hash of member and run, `reach` and `most` (n,) are as in `Audience`. `carried` (2^c, k) says which
    channel takes an offer to whom, None where no channel's capacity is limited. `weight` (n,) is by how much the worth
    of anything counts at each member (`objective`), None where all count alike.
    """

    crowd: Crowd
    open_to: Openness
    valuing: Valuing
    tie: NDArray[np.uint64]
    reach: NDArray[np.uint8]
    most: NDArray[np.uint8] | None
    carried: NDArray[np.int8] | None
    weight: NDArray[np.float32] | None = None

    @property
    def members(self) -> int:
        return len(self.crowd)

    @property
    def offers(self) -> int:
        return self.open_to.offers

    def block(self, rows: slice) -> Block:
        """Of some members; where an offer may not be given it is worth -inf and takes nothing."""
        first, end, _ = rows.indices(self.members)
        value, use = (np.empty((max(end - first, 0), self.offers), dtype=np.float32) for _ in range(2))
        for start in range(first, end, IN_CACHE):
            some = slice(start, min(start + IN_CACHE, end))
            self._fill(some, value[some.start - first : some.stop - first], use[some.start - first : some.stop - first])
        if self.weight is not None:
            value *= self.weight[rows, None]
        return Block(
            value=value,
            use=use,
            tie=self.tie[rows],
            most=None if self.most is None else self.most[rows],
            channel=None if self.carried is None else self.carried[self.reach[rows]],
        )

    def _fill(self, some: slice, value: NDArray[np.float32], use: NDArray[np.float32]) -> None:
        near = self.crowd.near(some)
        scores = self.valuing.scores(near.profiles)
        if loops := kernels.compiled(self.members * self.offers):
            at = np.arange(near.rows)[near.at]
            costs, baskets = self.valuing.costs, self.valuing.baskets(near.profiles)
            bits = self.open_to.bits[some]
            loops.fill(
                scores.value, scores.redeem, at, bits, baskets, costs.flat, costs.share, costs.minimum, value, use
            )
            return
        closed = ~self.open_to.allowed(some)
        value[:] = scores.value[near.at]
        use[:] = scores.redeem[near.at]
        use *= self.valuing.redemption_cost(near.profiles)[near.at]
        value[closed], use[closed] = -np.inf, 0

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Offered":
        return replace(
            self,
            crowd=self.crowd.take(index),
            open_to=self.open_to.take(index),
            tie=self.tie[index],
            reach=self.reach[index],
            most=None if self.most is None else self.most[index],
            weight=None if self.weight is None else self.weight[index],
        )


def constraints(inputs: Inputs, terms: TermsTable) -> Constraints:
    """The campaign's limits as the solver takes them, and those of what each offer's terms allow."""
    campaign, limits = inputs.campaign, inputs.limits
    total, capacities = campaign.total_budget, campaign.capacities
    return Constraints(
        count_limit=_counts([each.count for each in limits], none=-1),
        budget=np.array([np.nan if each.budget is None else float(each.budget) for each in limits]),
        total_budget=None if total is None else float(total),
        contacts=campaign.contact_limit,
        least=_counts([each.least for each in limits], none=0) if any(each.least for each in limits) else None,
        capacity=_counts([capacities.get(channel) for channel in campaign.channels], none=-1) if capacities else None,
        each=campaign.offers_each,
        category=_categories(terms) if campaign.offers_each > 1 else None,
    )


def channels(inputs: Inputs, terms: TermsTable) -> NDArray[np.int8] | None:
    """`Offered.carried` of a campaign."""
    return carried(inputs, terms) if inputs.campaign.capacities else None


def _counts(counts: list[int | None], *, none: int) -> NDArray[np.int64]:
    return np.array([none if count is None else count for count in counts], dtype=np.int64)


def _categories(terms: TermsTable) -> NDArray[np.int64]:
    numbers = {name: number for number, name in enumerate(sorted({each for each in terms.departments if each}))}
    return np.array([numbers[each] if each else NO_CATEGORY for each in terms.departments], dtype=np.int64)
