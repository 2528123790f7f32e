"""What became of each limit: what was taken, what is left, and what one more unit would earn."""

import math
from dataclasses import dataclass

from campaigns.assignment.bound import Prices
from campaigns.assignment.limits import MILLIONTHS, Limits


@dataclass(frozen=True)
class OfferUse:
    """The limits of one offer or one channel, or those over all offers together.

    `price` is what one more member would earn, `budget_price` what one more unit of money would; a price below 0 is
    what one member fewer in the offer's minimum volume would. A limit that was not set is None, and so is its slack.
    Spend is counted in whole millionths of a currency unit, rounded up per member.
    """

    assigned: int
    limit: int | None
    slack: int | None
    price: float
    spend: float
    budget: float | None
    budget_slack: float | None
    budget_price: float


def of_each(taken: Limits, limits: Limits, prices: Prices) -> tuple[OfferUse, ...]:
    """One per offer; `taken` and `limits` with money in millionths, `prices` per member and per millionth."""
    return tuple(
        _use(*column)
        for column in zip(
            taken.count.tolist(),
            limits.count.tolist(),
            prices.count.tolist(),
            taken.money.tolist(),
            limits.money.tolist(),
            prices.money.tolist(),
            strict=True,
        )
    )


def of_all(taken: Limits, limits: Limits, prices: Prices) -> OfferUse:
    """The limits over all offers."""
    return _use(taken.contacts, limits.contacts, prices.contacts, taken.total, limits.total, prices.total)


def of_channels(taken: Limits, limits: Limits, prices: Prices) -> tuple[OfferUse, ...]:
    """One per channel, whose capacity is told as the limit; it has no budget."""
    columns = (taken.capacity.tolist(), limits.capacity.tolist(), prices.capacity.tolist(), taken.carried.tolist())
    return tuple(
        _use(assigned, limit, price, spend, math.inf, 0.0)
        for assigned, limit, price, spend in zip(*columns, strict=True)
    )


def _use(assigned: float, limit: float, price: float, spend: float, budget: float, budget_price: float) -> OfferUse:
    counted, paid = math.isfinite(limit), math.isfinite(budget)
    return OfferUse(
        assigned=int(assigned),
        limit=int(limit) if counted else None,
        slack=int(limit - assigned) if counted else None,
        price=price,
        spend=spend / MILLIONTHS,
        budget=budget / MILLIONTHS if paid else None,
        budget_slack=(budget - spend) / MILLIONTHS if paid else None,
        budget_price=budget_price * MILLIONTHS,
    )
