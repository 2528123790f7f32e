"""The limits as the solver counts them, and what an assignment takes from them."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints

MILLIONTHS = 1e6
ROUNDING_NOISE = 2.0**-51  # of a decimal in double precision
SINGLE_NOISE = 2.0**-24  # and in single precision
HUNDREDTH = 1e4

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Limits:
    """What may be taken: offers given per offer (k,), in all, and per channel (c,); money in millionths of a currency
    unit per offer (k,), in all, and per channel (c,), which nothing limits but which is told. Infinity for no limit.
    `least` (k,) is what is to be given at the least.
    """

    count: Array
    money: Array
    contacts: float
    total: float
    least: Array
    capacity: Array
    carried: Array

    @classmethod
    def none(cls, offers: int, channels: int = 0) -> "Limits":
        free, uncapped = np.full(offers, np.inf), np.full(channels, np.inf)
        return cls(free, free, math.inf, math.inf, np.zeros(offers), uncapped, uncapped)

    def row(self) -> Array:
        """All limits but the least in one row, in the order of `Prices.row`."""
        return np.concatenate([self.count, [self.contacts], self.capacity, self.money, [self.total]])

    def scaled(self, share: float) -> "Limits":
        return Limits(
            self.count * share,
            self.money * share,
            self.contacts * share,
            self.total * share,
            self.least * share,
            self.capacity * share,
            self.carried * share,
        )

    def whole(self) -> "Limits":
        """The same with money rounded down to whole millionths, but for the noise of a decimal in binary."""
        noise = 1 + ROUNDING_NOISE
        return replace(self, money=np.floor(self.money * noise), total=float(np.floor(self.total * noise)))

    def less(self, taken: "Limits") -> "Limits":
        return Limits(
            self.count - taken.count,
            self.money - taken.money,
            self.contacts - taken.contacts,
            self.total - taken.total,
            self.least - taken.least,
            self.capacity - taken.capacity,
            self.carried - taken.carried,
        )

    def plus(self, taken: "Limits") -> "Limits":
        return self.less(taken.scaled(-1.0))

    def above_0(self) -> "Limits":
        """What is left, where more than that may be taken already."""
        return Limits(
            np.maximum(self.count, 0),
            np.maximum(self.money, 0),
            max(self.contacts, 0.0),
            max(self.total, 0.0),
            np.maximum(self.least, 0),
            np.maximum(self.capacity, 0),
            self.carried,
        )

    def hold(self) -> bool:
        """Whether nothing is below 0, as a remainder."""
        least = [self.count.min(initial=0), self.money.min(initial=0), self.capacity.min(initial=0)]
        return bool(min(*least, self.contacts, self.total) >= 0)


def limits(constraints: Constraints) -> Limits:
    """The limits with infinity for none and money in millionths, not yet rounded."""
    k, total = len(constraints.count_limit), constraints.total_budget
    capacity = np.empty(0, dtype=np.int64) if constraints.capacity is None else constraints.capacity
    return Limits(
        count=_unlimited_below_0(constraints.count_limit),
        money=np.where(np.isnan(constraints.budget), np.inf, constraints.budget * MILLIONTHS),
        contacts=math.inf if constraints.contacts is None else float(constraints.contacts),
        total=math.inf if total is None else total * MILLIONTHS,
        least=np.zeros(k) if constraints.least is None else np.asarray(constraints.least, dtype=np.float64),
        capacity=_unlimited_below_0(capacity),
        carried=np.full(len(capacity), np.inf),
    )


def _unlimited_below_0(column: NDArray[np.int64]) -> Array:
    return np.where(column < 0, np.inf, column.astype(np.float64))


def whole_millionths(use: NDArray[np.float32]) -> Array:
    """Uses of money in currency units as whole millionths, rounded up, so that never less is counted than is spent.

    Whole numbers below 2^53 add up exactly in any order, so neither the order of members nor the number of workers can
    move a sum. What single precision cannot tell from whole hundredths or millionths is taken to be them: 0.1 there is
    100,000 millionths and not a little more.
    """
    exact, told = use.astype(np.float64) * MILLIONTHS, np.ceil(use.astype(np.float64) * MILLIONTHS)
    for step in (1.0, HUNDREDTH):
        nearest = np.rint(exact / step) * step
        told = np.where(np.abs(exact - nearest) <= exact * SINGLE_NOISE, nearest, told)
    return told


def taken(offers: NDArray[np.integer], use: Array, channels: NDArray[np.integer] | None, limits: Limits) -> Limits:
    """What pairs (p,) of these offers, uses in millionths and channels take from each limit."""
    k, c = len(limits.count), len(limits.capacity)
    count = np.asarray(np.bincount(offers, minlength=k), dtype=np.float64)
    money = np.asarray(np.bincount(offers, weights=use, minlength=k), dtype=np.float64)
    if channels is None or not c:
        return Limits(count, money, float(len(offers)), float(money.sum()), count, np.zeros(c), np.zeros(c))
    carried = np.asarray(np.bincount(channels, minlength=c), dtype=np.float64)
    paid = np.asarray(np.bincount(channels, weights=use, minlength=c), dtype=np.float64)
    return Limits(count, money, float(len(offers)), float(money.sum()), count, carried, paid)
