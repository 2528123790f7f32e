"""The limits of a run: what a marketer states, and the form in which the solver counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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


def check(constraints: Constraints, k: int, names: Sequence[str] = ()) -> None:
    """Refuse, by the name of the limit, whatever no assignment to k offers can respect.

    `names` (k,) are the offers' names for the message; without them an offer is called by its position, from 1.
    Raises LimitRefused.
    """
    called = names_of(k, names)
    for limit, column in _columns(constraints):
        _check_one_per_offer(limit, column, k)
    for name, limit in zip(called, constraints.count_limit.tolist(), strict=True):
        _check_amount(f"count limit of {name}", None if limit == -1 else limit)
    for name, amount in zip(called, constraints.budget.tolist(), strict=True):
        _check_amount(f"budget of {name}", None if math.isnan(amount) else amount)
    for position, limit in enumerate([] if constraints.capacity is None else constraints.capacity.tolist(), 1):
        _check_amount(f"capacity of channel {position}", None if limit == -1 else limit)
    _check_amount("total budget", constraints.total_budget)
    _check_amount("limit on contacts", constraints.contacts)
    if constraints.each < 1:
        raise LimitRefused(f"The number of offers per member is {constraints.each}: give 1 or more.")
    _check_least(constraints, called)


def names_of(k: int, names: Sequence[str] = ()) -> Sequence[str]:
    """What k offers are called in messages."""
    return names or [f"offer {position}" for position in range(1, k + 1)]


def _columns(constraints: Constraints) -> list[tuple[str, NDArray]]:
    columns = {
        "count limit": constraints.count_limit,
        "budget": constraints.budget,
        "minimum": constraints.least,
        "category": constraints.category,
    }
    return [(name, column) for name, column in columns.items() if column is not None]


def _check_least(constraints: Constraints, called: Sequence[str]) -> None:
    """Minimum volumes against what can be seen without the members."""
    if constraints.least is None:
        return
    wanted = constraints.least.tolist()
    for name, least, most in zip(called, wanted, constraints.count_limit.tolist(), strict=True):
        _check_amount(f"minimum of {name}", least)
        if 0 <= most < least:
            raise LimitRefused(
                f"The minimum of {name} is {least:,}, and its count limit {most:,}: raise that or lower the minimum."
            )
    if constraints.contacts is not None and sum(wanted) > constraints.contacts:
        raise LimitRefused(
            f"The limit on contacts is {constraints.contacts:,}, and the minimums of the offers add up to "
            f"{sum(wanted):,}: raise the limit or lower a minimum."
        )


def _check_one_per_offer(limit: str, column: NDArray, k: int) -> None:
    if column.shape != (k,):
        raise LimitRefused(f"The {limit} has {column.size} entries for {k} offers: give one per offer.")


def _check_amount(limit: str, amount: float | None) -> None:
    if amount is None:
        return
    if not 0 <= amount < math.inf:
        raise LimitRefused(f"The {limit} is {amount}: give 0 or more, or leave it out for no limit.")
