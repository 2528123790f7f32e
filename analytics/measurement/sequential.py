"""Intervals that hold however often one looks: for a report that is read while the outcome window is open."""

from dataclasses import dataclass
from math import exp, log, sqrt

from analytics.measurement.lift import LEVEL, upper_tail


@dataclass(frozen=True, slots=True)
class Interval:
    """Holds the truth at all looks together as often as its level says; `p` is for all looks too."""

    low: float
    high: float
    p: float


def always_valid(estimate: float, error: float, n: float, *, planned_n: float, level: float = LEVEL) -> Interval:
    """Asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2021, eq. 9).

    `n` is how much has been seen, members or member-days, and `planned_n` what will have been at the planned end, where
    the interval is narrowest for its level. Raises ValueError for counts or an error that are not positive.
    """
    half = error * errors_apart(n, planned_n=planned_n, level=level)
    if not error > 0:
        raise ValueError("An interval needs a standard error above 0.")
    rho = best_rho(planned_n, alpha=_alpha(level))
    against_none = log_mixture(estimate / error * sqrt(n), n, rho=rho)
    return Interval(estimate - half, estimate + half, exp(min(0.0, -against_none)))


def errors_apart(n: float, *, planned_n: float, level: float = LEVEL) -> float:
    """How many standard errors wide the always-valid interval is on each side; 1.96 for a fixed one at 95 %."""
    if not (n > 0 and planned_n > 0):
        raise ValueError("What has been seen, and what is planned, must be more than nothing.")
    alpha = _alpha(level)
    return mixture_bound(n, rho=best_rho(planned_n, alpha=alpha), alpha=alpha) / sqrt(n)


def best_rho(variance: float, *, alpha: float) -> float:
    """The mixture's variance with which its bound is narrowest once this much variance has been seen."""
    return variance / (2 * log(1 / alpha) + log(1 + 2 * log(1 / alpha)))


def log_mixture(total: float, variance: float, *, rho: float) -> float:
    """Log of the normal mixture's martingale (Robbins 1970) at a sum of `total` with `variance`; above log(1/alpha) it
    speaks against a mean of 0."""
    return 0.5 * log(rho / (variance + rho)) + total * total / (2 * (variance + rho))


def mixture_bound(variance: float, *, rho: float, alpha: float) -> float:
    """The sum that a mean of 0 ever exceeds, in size, with no more than `alpha` (Howard, Ramdas and others 2021)."""
    return sqrt((variance + rho) * log((variance + rho) / (rho * alpha * alpha)))


def _alpha(level: float) -> float:
    return 2 * (1 - upper_tail(level))
