"""What a comparison of means needs to know of each arm: how many members, their sum, their sum of squares."""

from collections.abc import Sequence
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
        """Within three standard errors of 0: nothing can be expressed as a share of such a mean."""
        error = sqrt(self.squared_error) if self.n > 1 else inf
        return abs(self.mean) <= NEAR_ZERO_ERRORS * error


def of(values: ArrayLike) -> Moments:
    """Moments of (n,) values, one per member; an unknown (NaN) or infinite value makes the sums so too.

    Raises ValueError for anything but a flat array.
    """
    each = np.asarray(values, dtype=np.float64)
    if each.ndim != 1:
        raise ValueError("Moments need a flat array, one value per member.")
    with np.errstate(all="ignore"):
        return Moments(n=each.size, total=float(each.sum()), total_sq=float((each * each).sum()))


def by_arm(values: ArrayLike, arm_codes: NDArray[np.integer], arms: Sequence[str]) -> dict[str, Moments]:
    """Moments per arm, empty arms included.

    values (n,), one per member; arm_codes (n,), positions into `arms`, -1 for a member who is in none.
    Raises ValueError when the shapes differ or a code names no arm.
    """
    each = np.asarray(values, dtype=np.float64)
    if each.shape != arm_codes.shape:
        raise ValueError("There must be one arm code per value.")
    if arm_codes.size and not -1 <= int(arm_codes.min()) <= int(arm_codes.max()) < len(arms):
        raise ValueError("An arm code names no arm.")
    return {arm: of(each[arm_codes == code]) for code, arm in enumerate(arms)}
