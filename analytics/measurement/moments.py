"""What a comparison needs to know of each arm: how many members, and the sums of what is measured of them.

Sums add up: those of two cells (segments, days, chunks of members) are those of both together.
"""

from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Sums of squares lose digits when the spread is small beside the mean. Below this share of the sum of
# squares, what is left is rounding rather than spread (a spread under a hundred-thousandth of the mean).
ROUNDING_SHARE = 1e-10
NEAR_ZERO_ERRORS = 3.0


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, sum and sum of squares of one value per member, members without any activity included as 0."""

    n: int
    total: float
    total_sq: float

    @property
    def is_finite(self) -> bool:
        return isfinite(self.total) and isfinite(self.total_sq)

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else nan

    @property
    def variance(self) -> float:
        """Sample variance (n - 1); 0 where only rounding is left, NaN below two members."""
        if self.n < 2:
            return nan
        squares = self.total_sq - self.total * self.mean
        return 0.0 if squares <= ROUNDING_SHARE * self.total_sq else squares / (self.n - 1)

    @property
    def squared_error(self) -> float:
        """Square of the standard error of the mean."""
        return self.variance / self.n if self.n else nan

    @property
    def mean_is_near_zero(self) -> bool:
        """Nothing can be expressed as a share of such a mean."""
        return is_near_zero(self.mean, self.squared_error)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.total_sq + other.total_sq)


@dataclass(frozen=True, slots=True)
class Paired:
    """Sums of two values per member: the outcome, and the same or another measure of the time before."""

    n: int
    total: float
    total_sq: float
    before_total: float
    before_total_sq: float
    cross: float

    @property
    def outcome(self) -> Moments:
        return Moments(self.n, self.total, self.total_sq)

    @property
    def before(self) -> Moments:
        return Moments(self.n, self.before_total, self.before_total_sq)

    @property
    def covariance(self) -> float:
        """Of the outcome and the time before (n - 1); NaN below two members."""
        return (self.cross - self.total * self.before_total / self.n) / (self.n - 1) if self.n > 1 else nan

    @property
    def correlation(self) -> float:
        """Between -1 and 1; 0 where either has no spread, NaN below two members."""
        spread = sqrt(self.outcome.variance) * sqrt(self.before.variance)
        return 0.0 if spread == 0 else float(np.clip(self.covariance / spread, -1, 1))

    def less(self, theta: float) -> Moments:
        """Moments of each member's outcome less `theta` times what was before."""
        return Moments(
            self.n,
            self.total - theta * self.before_total,
            self.total_sq - 2 * theta * self.cross + theta * theta * self.before_total_sq,
        )

    def __add__(self, other: "Paired") -> "Paired":
        return Paired(
            self.n + other.n,
            self.total + other.total,
            self.total_sq + other.total_sq,
            self.before_total + other.before_total,
            self.before_total_sq + other.before_total_sq,
            self.cross + other.cross,
        )


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sums of a numerator m and a denominator d per member: margin and spend, items and baskets, clicks and messages.

    `mm`, `dd` and `md` are sums of squares and of products. The member stays the unit, whatever is counted below.
    """

    n: int
    m: float
    mm: float
    d: float
    dd: float
    md: float

    @property
    def is_finite(self) -> bool:
        return all(map(isfinite, (self.m, self.mm, self.d, self.dd, self.md)))

    @property
    def mean(self) -> float:
        """The ratio of the sums."""
        return self.m / self.d if self.d else nan

    @property
    def variance(self) -> float:
        """Of one member's part in the ratio: vM/D² + vD M²/D⁴ - 2 cov M/D³, D and M means (delta method)."""
        if self.n < 2 or not self.d * self.d:
            return nan
        # Sums of squares of m - ratio x d, whose mean is 0, are what the three terms come to.
        squares = self.mm - 2 * self.mean * self.md + self.mean * self.mean * self.dd
        size = self.mm + 2 * abs(self.mean * self.md) + self.mean * self.mean * self.dd
        mean_d = self.d / self.n
        return 0.0 if squares <= ROUNDING_SHARE * size else squares / (self.n - 1) / (mean_d * mean_d)

    @property
    def squared_error(self) -> float:
        """Square of the standard error of the ratio."""
        return self.variance / self.n if self.n else nan

    @property
    def mean_is_near_zero(self) -> bool:
        """Nothing can be expressed as a share of such a ratio."""
        return is_near_zero(self.mean, self.squared_error)

    @property
    def below(self) -> Moments:
        return Moments(self.n, self.d, self.dd)

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(
            self.n + other.n,
            self.m + other.m,
            self.mm + other.mm,
            self.d + other.d,
            self.dd + other.dd,
            self.md + other.md,
        )


def is_near_zero(mean: float, squared_error: float) -> bool:
    """Within three standard errors of 0, or not known to be further away."""
    error = sqrt(squared_error) if squared_error >= 0 else inf
    return not abs(mean) > NEAR_ZERO_ERRORS * error


def of(values: ArrayLike) -> Moments:
    """Moments of (n,) values, one per member; an unknown (NaN) or infinite value makes the sums so too.

    Raises ValueError for anything but a flat array.
    """
    each = _flat(values)
    with np.errstate(all="ignore"):
        return Moments(n=each.size, total=float(each.sum()), total_sq=float((each * each).sum()))


def paired(values: ArrayLike, before: ArrayLike) -> Paired:
    """Sums of (n,) values and of (n,) values of the same members before; raises ValueError when the shapes differ."""
    now, then = _flat(values), _flat(before)
    if now.shape != then.shape:
        raise ValueError("The outcome and the time before need one entry per member, in the same order.")
    with np.errstate(all="ignore"):
        sums = [float(each.sum()) for each in (now, now * now, then, then * then, now * then)]
    return Paired(now.size, *sums)


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Ratio:
    """Sums of (n,) numerators and (n,) denominators, one per member each; raises ValueError when the shapes differ."""
    sums = paired(numerator, denominator)
    return Ratio(n=sums.n, m=sums.total, mm=sums.total_sq, d=sums.before_total, dd=sums.before_total_sq, md=sums.cross)


def _flat(values: ArrayLike) -> NDArray[np.float64]:
    each = np.asarray(values, dtype=np.float64)
    if each.ndim != 1:
        raise ValueError("Moments need a flat array, one value per member.")
    return each
