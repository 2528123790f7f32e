"""What treatment changed: treated against reference, with an interval, or the reason why nothing can be said."""

from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from scipy.special import ndtri, stdtr, stdtrit

from analytics.measurement import proportions
from analytics.measurement.moments import Moments

LEVEL = 0.95
NO_SPREAD = "All members of an arm have the same value, in both arms; without any spread no interval can be given."


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Nothing can be said, and why: one sentence for the reader. Never to be read as a lift of 0."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lift:
    """Treated minus reference per member, its interval and two-sided p (0.0 below what a float can hold).

    The relative figures are shares of the reference mean's size (0.05 is 5 % more), None where that mean
    cannot be told from 0. `df` is None where normal quantiles were used. `error` is the standard error of the estimate.
    """

    estimate: float
    low: float
    high: float
    p: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    df: float | None
    error: float


class Arm(Protocol):
    """What an arm came to: `Moments` of a value, or the `Ratio` of two."""

    @property
    def n(self) -> int: ...
    @property
    def is_finite(self) -> bool: ...
    @property
    def mean(self) -> float: ...
    @property
    def squared_error(self) -> float: ...
    @property
    def mean_is_near_zero(self) -> bool: ...


def welch(treated: Moments, reference: Moments, *, level: float = LEVEL) -> Lift | NotMeasured:
    """Difference of means under unequal variances (Welch 1947, Satterthwaite's degrees of freedom).

    NotMeasured below two members in an arm, with unknown values, or without any spread in both arms. The relative
    interval is by the delta method, left out where the reference mean is within three standard errors of 0.
    """
    reason = too_little(treated, reference)
    return NotMeasured(reason) if reason else compare(treated, reference, level=level)


def compare(treated: Arm, reference: Arm, *, level: float = LEVEL) -> Lift | NotMeasured:
    """As `welch`, of arms that are known to have two members each and finite figures."""
    if not treated.squared_error + reference.squared_error > 0:
        return NotMeasured(NO_SPREAD)
    error = sqrt(treated.squared_error + reference.squared_error)
    estimate = treated.mean - reference.mean
    df = _satterthwaite(treated, reference)
    quantile = float(stdtrit(df, upper_tail(level)))
    relative, relative_low, relative_high = _relative(treated, reference, quantile)
    return Lift(
        estimate=estimate,
        low=estimate - quantile * error,
        high=estimate + quantile * error,
        p=float(2 * stdtr(df, -abs(estimate) / error)),
        relative=relative,
        relative_low=relative_low,
        relative_high=relative_high,
        df=df,
        error=error,
    )


def newcombe(treated: Moments, reference: Moments, *, level: float = LEVEL) -> Lift | NotMeasured:
    """Difference of the shares of members who said yes; the moments are those of values 0 and 1.

    Interval by Newcombe's hybrid score method (1998), relative interval by Koopman's (1984), p by the pooled score
    test. They need no spread: 0 of 50 against 0 of 60 is a difference of 0 with an interval and p = 1.
    """
    reason = too_little(treated, reference) or _not_yes_or_no(treated, reference)
    if reason:
        return NotMeasured(reason)
    counts = treated.total, treated.n, reference.total, reference.n
    quantile = float(ndtri(upper_tail(level)))
    low, high = proportions.newcombe(*counts, quantile)
    ratio = proportions.koopman(*counts, quantile)
    return Lift(
        estimate=treated.mean - reference.mean,
        low=low,
        high=high,
        p=proportions.score_p(*counts),
        relative=treated.mean / reference.mean - 1 if ratio else None,
        relative_low=ratio[0] - 1 if ratio else None,
        relative_high=ratio[1] - 1 if ratio else None,
        df=None,
        error=proportions.error(*counts),
    )


def upper_tail(level: float) -> float:
    """The probability below the upper end of a two-sided interval: 0.975 for a level of 0.95."""
    if not 0 < level < 1:
        raise ValueError("The level of an interval lies between 0 and 1.")
    return (1 + level) / 2


def _satterthwaite(treated: Arm, reference: Arm) -> float:
    """Degrees of freedom, from each arm's share of the squared error so that no scale of money overflows."""
    share = treated.squared_error / (treated.squared_error + reference.squared_error)
    return 1 / (share * share / (treated.n - 1) + (1 - share) * (1 - share) / (reference.n - 1))


def _relative(treated: Arm, reference: Arm, quantile: float) -> tuple[float, float, float] | tuple[None, None, None]:
    """Lift as a share of the reference mean's size, with its ends: Var = v1/m0² + m1² v0/m0⁴ (delta method)."""
    if reference.mean_is_near_zero:
        return None, None, None
    size = abs(reference.mean)
    ratio = treated.mean / reference.mean
    half = quantile * sqrt(treated.squared_error + ratio * ratio * reference.squared_error) / size
    relative = (treated.mean - reference.mean) / size
    return relative, relative - half, relative + half


def too_little(treated: Arm, reference: Arm) -> str:
    """Why two arms cannot be compared at all; "" where they can."""
    for arm, name in ((treated, "treated"), (reference, "reference")):
        if arm.n < 2:
            return f"Too few members in the {name} arm ({arm.n}); a comparison needs at least 2 in each."
        if not arm.is_finite:
            return f"Values of the {name} arm are unknown or infinite; complete the data or measure another outcome."
    return ""


def _not_yes_or_no(treated: Moments, reference: Moments) -> str:
    for arm in (treated, reference):
        if arm.total != arm.total_sq or not 0 <= arm.total <= arm.n:
            return "A share of members needs values of 0 and 1; compare the means instead."
    return ""
