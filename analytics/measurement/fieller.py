"""A change as a share of what the others had, in a range that never says otherwise than the change itself."""

from math import sqrt

from analytics.measurement.lift import Arm, Lift
from analytics.measurement.moments import Paired


def relative(lift: Lift, reference: Arm) -> tuple[float, float] | None:
    """Ends of `lift`, by `welch` or `ratio_lift`, as a share of the size of the reference's mean; see `ends`."""
    return _relative(lift, reference.mean, reference.squared_error, -reference.squared_error)


def relative_adjusted(lift: Lift, reference: Paired, theta: float) -> tuple[float, float] | None:
    """Of a lift adjusted by theta, as a share of the size of the reference's unadjusted mean; see `ends`."""
    usual = reference.outcome
    covariance = (theta * reference.covariance - usual.variance) / usual.n
    return _relative(lift, usual.mean, usual.squared_error, covariance)


def ends(
    estimate: float, mean: float, variances: tuple[float, float], covariance: float, *, quantile: float
) -> tuple[float, float] | None:
    """All shares r of the mean for which estimate - r x mean is within so many of its standard errors of 0 (Fieller
    1954); None where they have no end, as the mean itself cannot be told from 0.

    `variances` are the squared errors of the estimate and of the mean. 0 is among them exactly where it is in the range
    of the estimate by the same quantile: the delta method's, wider by 1 + r, may hold it when that does not.
    """
    squared = quantile * quantile
    curve = mean * mean - squared * variances[1]
    if curve <= 0:
        return None
    middle = (estimate * mean - squared * covariance) / curve
    half = sqrt(max(0.0, middle * middle - (estimate * estimate - squared * variances[0]) / curve))
    return middle - half, middle + half


def _relative(lift: Lift, mean: float, squared_error: float, covariance: float) -> tuple[float, float] | None:
    """A mean below 0 is taken by its size, and what goes with it turns round too."""
    if not lift.error > 0:
        return None
    sign = -1.0 if mean < 0 else 1.0
    quantile = (lift.high - lift.estimate) / lift.error
    return ends(lift.estimate, abs(mean), (lift.error**2, squared_error), sign * covariance, quantile=quantile)
