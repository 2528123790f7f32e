"""Who draws an offer by chance, what they draw, and the probability of every decision of a run.

A share h of the members decided on is not treated. Of the others a share e explores: each draws one of the offers that
are open to it, all alike. A draw of offer j stands with probability t_j, and whoever's draw does not stand is decided
on like everybody else. With m_i offers open to member i, all by one salted hash per member (SHA-256),

    x_ij = (1 - h) e t_j / m_i               that i gets offer j by chance,
    p_i  = (1 - h) (1 - e Σ_j t_j / m_i)     that i gets what the policy would give it, j over the offers open to i.

t_j is 1 unless a limit binds. Chance takes no more of a limit than its share e of the members, in expectation, and
nothing of a limit so small that it might be exceeded; t depends on who may have what, never on what was drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.holdout import as_uniforms

# A count that chance makes is above its mean and so many standard deviations once in 10^9 runs.
DEVIATIONS = 6.0
NOTHING = -1

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """h and e of the formulas above, and t (k,)."""

    held_out: float
    explored: float
    stands: Array

    def by_chance(self, menu: NDArray[np.integer], offer: NDArray[np.integer]) -> Array:
        """x_ij of members (n,) with so many offers open, and an offer (n,) each, which is open to them."""
        return np.asarray((1 - self.held_out) * self.explored * self.stands[offer] / menu)

    def by_policy(self, menu: NDArray[np.integer], stands: Array) -> Array:
        """(n,): p_i of members with so many offers open, one at least, whose t_j come to so much together."""
        return np.asarray((1 - self.held_out) * (1 - self.explored * (stands / np.maximum(menu, 1))))


@dataclass(frozen=True)
class Chances:
    """Three numbers in [0, 1) per member, (n,) each: whether it explores, what it draws, and whether that stands."""

    explores: Array
    draws: Array
    stands: Array

    @classmethod
    def of(cls, hashes: NDArray[np.uint64]) -> "Chances":
        """From (n, 4) hashes of the members under a salt of exploration's own."""
        return cls(*(as_uniforms(hashes[:, column]) for column in range(3)))

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Chances":
        return Chances(self.explores[index], self.draws[index], self.stands[index])


def drawn(allowed: NDArray[np.bool_], chances: Chances, stands: Array) -> NDArray[np.int16]:
    """(n,): what those who explore draw of the offers open to them (n, k), NOTHING where the draw does not stand."""
    menu = allowed.sum(axis=1)
    place = np.floor(chances.draws * menu)
    offer = np.argmax(np.cumsum(allowed, axis=1) > place[:, None], axis=1)
    holds = (menu > 0) & (chances.stands < stands[offer])
    return np.where(holds, offer, NOTHING).astype(np.int16)


@dataclass(frozen=True)
class Demand:
    """What exploring would take in expectation if every draw stood: members per offer (k,), money per offer (k,), and
    members per offer and channel (k, c)."""

    count: Array
    money: Array
    carried: Array

    @classmethod
    def of(
        cls,
        allowed: NDArray[np.bool_],
        use: NDArray[np.float32],
        channel: NDArray[np.int8] | None,
        *,
        channels: int,
        times: float,
    ) -> "Demand":
        """From some members (m, k), each standing for `times` explorers."""
        each = times / np.maximum(allowed.sum(axis=1), 1)
        carried = np.zeros((allowed.shape[1], channels))
        for number in range(channels if channel is not None else 0):
            carried[:, number] = _summed(each, allowed & (channel == number))
        return cls(_summed(each, allowed), _summed(each, np.where(allowed, use, 0)), carried)


def _summed(each: Array, of: NDArray) -> Array:
    """(k,): what (m, k) comes to if each member counts so much (m,). Not by BLAS, whose last bits depend on threads."""
    return np.asarray(np.einsum("i,ij->j", each, of.astype(np.float64)))


def standing(demand: Demand, constraints: Constraints, *, share: float) -> Array:
    """t (k,): with which probability a draw of each offer stands, so that chance takes its share of every limit."""
    stands = _own(demand.count, np.where(constraints.count_limit < 0, np.inf, constraints.count_limit), share)
    stands = np.minimum(
        stands, _paid(demand.money, np.where(np.isnan(constraints.budget), np.inf, constraints.budget), share)
    )
    stands = _together(stands, demand.count, constraints.contacts, share, _own)
    stands = _together(stands, demand.money, constraints.total_budget, share, _paid)
    for number, limit in enumerate(constraints.capacity if constraints.capacity is not None else ()):
        by_it = demand.carried[:, number] > 0
        all_of_it = _together(stands, demand.carried[:, number], None if limit < 0 else float(limit), share, _own)
        stands = np.where(by_it, all_of_it, stands)
    return stands


def _own(demand: Array, limit: Array, share: float) -> Array:
    """How much of each demand may stand; nothing where chance could exceed the limit."""
    most = share * limit
    safe = most + DEVIATIONS * np.sqrt(np.minimum(most, demand)) + DEVIATIONS <= limit
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(demand > 0, np.minimum(1.0, most / demand), 1.0)
    return np.where(np.isinf(limit), 1.0, np.where(safe | (demand == 0), kept, 0.0))


def _paid(demand: Array, limit: Array, share: float) -> Array:
    """The same of money, of which it is not known how it falls on members."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(demand > 0, np.minimum(1.0, share * limit / demand), 1.0))


def _together(
    stands: Array, demand: Array, limit: float | None, share: float, kept: Callable[[Array, Array, float], Array]
) -> Array:
    if limit is None:
        return stands
    return np.asarray(stands * kept(np.array([stands @ demand]), np.array([float(limit)]), share)[0])


@dataclass(frozen=True)
class Taken:
    """What explorers took: members (k,) and money (k,) per offer, members per channel (c,), and their value."""

    count: NDArray[np.int64]
    money: Array
    carried: NDArray[np.int64]
    value: float

    @classmethod
    def of(
        cls,
        offer: NDArray[np.int16],
        use: Array,
        channel: NDArray[np.int8] | None,
        value: Array,
        *,
        offers: int,
        channels: int,
    ) -> "Taken":
        """Of explorers (n,) with an offer each; `use` in currency units, in whole millionths."""
        by_channel = np.zeros(0, np.int8) if channel is None else channel
        return cls(
            count=np.bincount(offer, minlength=offers),
            money=np.asarray(np.bincount(offer, weights=use, minlength=offers), dtype=np.float64),
            carried=np.bincount(by_channel, minlength=channels),
            value=float(value.sum()),
        )

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            self.count + other.count, self.money + other.money, self.carried + other.carried, self.value + other.value
        )

    def exceeds(self, constraints: Constraints) -> bool:
        """Whether any limit is exceeded by chance alone."""
        left = less(constraints, self)
        counts = [constraints.count_limit >= 0, left.count_limit < 0]
        beyond = bool(np.any(np.logical_and(*counts))) or bool(np.any(left.budget < 0))
        beyond |= left.contacts is not None and left.contacts < 0
        beyond |= left.total_budget is not None and left.total_budget < 0
        if constraints.capacity is not None and left.capacity is not None:
            beyond |= bool(np.any((constraints.capacity >= 0) & (left.capacity < 0)))
        return beyond


def less(constraints: Constraints, taken: Taken) -> Constraints:
    """The limits for everybody else, once explorers have what they drew. Below 0 where they took too much."""
    given, spent = int(taken.count.sum()), float(taken.money.sum())
    count, capacity, least = constraints.count_limit, constraints.capacity, constraints.least
    return Constraints(
        count_limit=np.where(count < 0, count, count - taken.count),
        budget=constraints.budget - taken.money,
        total_budget=None if constraints.total_budget is None else constraints.total_budget - spent,
        contacts=None if constraints.contacts is None else constraints.contacts - given,
        least=None if least is None else np.maximum(least - taken.count, 0),
        capacity=None if capacity is None else np.where(capacity < 0, capacity, capacity - taken.carried),
        each=constraints.each,
        category=constraints.category,
    )
