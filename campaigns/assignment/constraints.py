"""The limits of a run: what a marketer states, and the form in which the solver counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

MILLIONTHS = 1e6
ROUNDING_NOISE = 2.0**-51


class LimitRefused(ValueError):  # noqa: N818 - a refusal is an answer to the reader, not an error of the program
    """A limit that no assignment can respect; the message names it."""


@dataclass(frozen=True)
class Constraints:
    """What a run may spend, over k offers and c channels.

    `count_limit` (k,) members per offer, -1 for none; `budget` (k,) money per offer in currency units, nan for none;
    `total_budget` money over all offers, `contacts` offers given over all, None for none. `least` (k,) members who are
    to have an offer at the least, 0 for none; `capacity` (c,) offers that a channel can carry, -1 for as many as come.
    A member gets up to `each` offers, and at most one of those with the same number in `category` (k,), -1 for none.
    """

    count_limit: NDArray[np.int64]
    budget: NDArray[np.float64]
    total_budget: float | None = None
    contacts: int | None = None
    least: NDArray[np.int64] | None = None
    capacity: NDArray[np.int64] | None = None
    each: int = 1
    category: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Limits:
    """The same limits for the solver: infinity for none, money in millionths of a currency unit."""

    count: NDArray[np.float64]
    money: NDArray[np.float64]
    contacts: float
    total: float

    def scaled(self, share: float) -> "Limits":
        return Limits(self.count * share, self.money * share, self.contacts * share, self.total * share)

    def whole(self) -> "Limits":
        """The same with money rounded down to whole millionths."""
        noise = 1 + ROUNDING_NOISE
        return replace(self, money=np.floor(self.money * noise), total=float(np.floor(self.total * noise)))

    def less(self, taken: "Limits") -> "Limits":
        return Limits(
            self.count - taken.count,
            self.money - taken.money,
            self.contacts - taken.contacts,
            self.total - taken.total,
        )


def taken(offer: NDArray[np.integer], use: NDArray[np.float64]) -> Limits:
    """What members who have these offers (n,), -1 for none, take from each limit, at this use (n, k)."""
    chosen = np.flatnonzero(offer >= 0)
    offers, k = offer[chosen], use.shape[1]
    count = np.asarray(np.bincount(offers, minlength=k), dtype=np.float64)
    money = np.asarray(np.bincount(offers, weights=use[chosen, offers], minlength=k), dtype=np.float64)
    return Limits(count, money, float(len(chosen)), float(money.sum()))


def check(constraints: Constraints, k: int, names: Sequence[str] = ()) -> None:
    """Refuse, by the name of the limit, whatever no assignment to k offers can respect.

    `names` (k,) are the offers' names for the message; without them an offer is called by its position, from 1.
    Raises LimitRefused.
    """
    called = names or [f"offer {position}" for position in range(1, k + 1)]
    _check_one_per_offer("count limit", constraints.count_limit, k)
    _check_one_per_offer("budget", constraints.budget, k)
    for name, limit in zip(called, constraints.count_limit.tolist(), strict=True):
        _check_amount(f"count limit of {name}", None if limit == -1 else limit)
    for name, amount in zip(called, constraints.budget.tolist(), strict=True):
        _check_amount(f"budget of {name}", None if math.isnan(amount) else amount)
    _check_amount("total budget", constraints.total_budget)
    _check_amount("limit on contacts", constraints.contacts)


def _check_one_per_offer(limit: str, column: NDArray, k: int) -> None:
    if column.shape != (k,):
        raise LimitRefused(f"The {limit} has {column.size} entries for {k} offers: give one per offer.")


def _check_amount(limit: str, amount: float | None) -> None:
    if amount is None:
        return
    if not 0 <= amount < math.inf:
        raise LimitRefused(f"The {limit} is {amount}: give 0 or more, or leave it out for no limit.")


def whole_millionths(millionths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Uses of money (n, k) in millionths of a currency unit, rounded up, so that never less is counted than is spent.

    Whole numbers below 2^53 add up exactly in any order, so neither the order of members nor the number of workers can
    move a sum. The noise of a decimal in binary (0.07 × 100 > 7) is not rounded up.
    """
    return np.asarray(np.ceil(millionths * (1 - ROUNDING_NOISE)))


def limits(constraints: Constraints) -> Limits:
    """The limits with infinity for none and money in millionths, not yet rounded."""
    unlimited = constraints.count_limit < 0
    total = constraints.total_budget
    return Limits(
        count=np.where(unlimited, np.inf, constraints.count_limit.astype(np.float64)),
        money=np.where(np.isnan(constraints.budget), np.inf, constraints.budget * MILLIONTHS),
        contacts=math.inf if constraints.contacts is None else float(constraints.contacts),
        total=math.inf if total is None else total * MILLIONTHS,
    )
