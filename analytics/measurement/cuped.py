"""The same lift with less noise: what members did before tells much of what they do anyway, and is taken out."""

from dataclasses import dataclass, replace
from math import sqrt

from analytics.measurement.lift import LEVEL, Lift, NotMeasured, too_little, welch
from analytics.measurement.moments import Paired


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The lift after adjustment; `theta` is taken out per unit of what was before, `r_squared` of the spread went."""

    lift: Lift
    theta: float
    r_squared: float


def adjusted(treated: Paired, reference: Paired, *, level: float = LEVEL) -> Adjusted | NotMeasured:
    """Difference of means less theta times the difference before (Deng, Xu, Kohavi, Walker 2013, CUPED).

    theta = cov(Y, X) / var(X) over both arms together; the errors are Welch's of Y - theta X. The relative lift is a
    share of the reference's unadjusted mean. Members who are new have been nowhere before: give them 0. Without any
    spread before there is nothing to take out, and the lift is Welch's. NotMeasured as for Welch, or for unknown values
    before.
    """
    reason = too_little(treated.outcome, reference.outcome) or too_little(treated.before, reference.before)
    if reason:
        return NotMeasured(reason)
    both = treated + reference
    theta = both.covariance / both.before.variance if both.before.variance > 0 else 0.0
    lift = welch(treated.less(theta), reference.less(theta), level=level)
    if isinstance(lift, NotMeasured):
        return lift
    return Adjusted(with_relative(lift, treated, reference, theta), theta, both.correlation**2)


def with_relative(lift: Lift, treated: Paired, reference: Paired, theta: float, *, from_adjusted: bool = False) -> Lift:
    """The adjusted lift with its relative figures, which are shares of the reference's unadjusted mean m0.

    Var = [V(Y1 - theta X1)/n1 + (s0² q² - 2 theta c0 q + theta² sx0²)/n0] / m0² (delta method), with q = m1/m0 from the
    unadjusted means, or 1 + lift/m0 from the adjusted ones: GrowthBook's statistics have the first for means and the
    second for ratios.
    """
    usual = reference.outcome
    if usual.mean_is_near_zero:
        return replace(lift, relative=None, relative_low=None, relative_high=None)
    q = 1 + lift.estimate / usual.mean if from_adjusted else treated.outcome.mean / usual.mean
    error = sqrt(treated.less(theta).squared_error + _reference_error(reference, theta, q)) / abs(usual.mean)
    half = (lift.high - lift.estimate) / lift.error * error
    relative = lift.estimate / abs(usual.mean)
    return replace(lift, relative=relative, relative_low=relative - half, relative_high=relative + half)


def _reference_error(reference: Paired, theta: float, q: float) -> float:
    """Squared error of q x Y - theta X in the reference arm."""
    squares = reference.outcome.variance * q * q - 2 * theta * q * reference.covariance
    return max(0.0, squares + theta * theta * reference.before.variance) / reference.n
