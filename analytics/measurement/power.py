"""How small a lift a campaign could still tell from chance, and how probably it would find one of a given size."""

from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtr, ndtri

from analytics.measurement.lift import LEVEL, NotMeasured, upper_tail
from analytics.measurement.moments import Moments
from analytics.measurement.settling import Settling as Settling
from analytics.measurement.settling import settling as settling

POWER = 0.8


@dataclass(frozen=True, slots=True)
class DetectableLift:
    """The smallest lift per member that would be seen; `relative` is a share of the mean, None where that is near 0."""

    absolute: float
    relative: float | None


def detectable_lift(
    before: Moments,
    *,
    members: int,
    share_held_out: float,
    level: float = LEVEL,
    power: float = POWER,
    r_squared: float = 0.0,
) -> DetectableLift | NotMeasured:
    """Lift that a two-sided test at `level` finds with probability `power`, the arms unequal.

    before: moments of the outcome among the selected audience, over an earlier window as long as the campaign's.
    r_squared: the share of the variance that adjustment by the time before takes out, 0 without it.
    N = (z_level + z_power)² CV² (1 - R²) / (h (1 - h) L²), solved for L; equal variances assumed (Bloom 1995).
    Raises ValueError for a level or power outside 0..1, or for an R² below 0 or of 1 and more.
    """
    reason = _no_arms(share_held_out) or _unknown(before) or _too_few(members, share_held_out)
    if reason:
        return NotMeasured(reason)
    absolute = _errors_needed(level, power) * _error(before, members, share_held_out, r_squared)
    return DetectableLift(absolute, None if before.mean_is_near_zero else absolute / abs(before.mean))


def chance(
    before: Moments,
    *,
    members: int,
    share_held_out: float,
    lift_relative: float | None = None,
    lift_absolute: float | None = None,
    level: float = LEVEL,
    r_squared: float = 0.0,
) -> float | NotMeasured:
    """The power: how probably the interval excludes 0 where the true lift is this, relative to the mean or absolute.

    It counts finds on the wrong side too, as every two-sided test has them. NotMeasured as `detectable_lift`.
    Raises ValueError unless one of the lifts is given.
    """
    reason = _no_arms(share_held_out) or _unknown(before) or _too_few(members, share_held_out)
    if reason:
        return NotMeasured(reason)
    errors = _size(before, lift_relative, lift_absolute) / _error(before, members, share_held_out, r_squared)
    limit = float(ndtri(upper_tail(level)))
    return float(ndtr(errors - limit) + ndtr(-errors - limit))


def _errors_needed(level: float, power: float) -> float:
    if not 0 < power < 1:
        raise ValueError("The power of a test lies between 0 and 1.")
    return float(ndtri(upper_tail(level)) + ndtri(power))


def _error(before: Moments, members: int, share_held_out: float, r_squared: float) -> float:
    """Standard error of the lift of so many members."""
    if not 0 <= r_squared < 1:
        raise ValueError("R² is a share of the variance: from 0 to less than 1.")
    return sqrt(before.variance * (1 - r_squared) / (members * share_held_out * (1 - share_held_out)))


def _size(before: Moments, relative: float | None, absolute: float | None) -> float:
    if absolute is not None and relative is None:
        return abs(absolute)
    if relative is None or absolute is not None:
        raise ValueError("Say the lift either relative to the mean or absolute.")
    return abs(relative * before.mean)


def _no_arms(share_held_out: float) -> str:
    if 0 < share_held_out < 1:
        return ""
    return "Hold out more than none and fewer than all members, or there is nothing to compare."


def _unknown(before: Moments) -> str:
    if before.n < 2 or not before.is_finite:
        return "The audience's earlier purchases are not known, so neither is what could be detected."
    if before.variance <= 0:
        return "All members of the audience had the same value before; what could be detected is not known."
    return ""


def _too_few(members: int, share_held_out: float) -> str:
    smaller = members * min(share_held_out, 1 - share_held_out)
    return "" if smaller >= 2 else "The smaller arm would have fewer than 2 members; widen the audience."
