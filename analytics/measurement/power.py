"""Before launch: how small a lift the planned campaign could still tell from chance."""

from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri

from analytics.measurement.lift import LEVEL, NotMeasured, upper_tail
from analytics.measurement.moments import Moments

POWER = 0.8


@dataclass(frozen=True, slots=True)
class DetectableLift:
    """The smallest lift per member that would be seen; `relative` is a share of the mean, None where that is near 0."""

    absolute: float
    relative: float | None


def detectable_lift(
    before: Moments, *, members: int, share_held_out: float, level: float = LEVEL, power: float = POWER
) -> DetectableLift | NotMeasured:
    """Lift that a two-sided test at `level` finds with probability `power`, the arms unequal.

    before: moments of the outcome among the selected audience, over an earlier window as long as the campaign's.
    N = (z_level + z_power)² CV² / (h (1 - h) L²), solved for L; equal variances assumed (Bloom 1995).
    Raises ValueError for a level or power outside 0..1.
    """
    if not 0 < power < 1:
        raise ValueError("The power of a test lies between 0 and 1.")
    if not 0 < share_held_out < 1:
        return NotMeasured("Hold out more than none and fewer than all members, or there is nothing to compare.")
    reason = _unknown(before) or _too_few(members, share_held_out)
    if reason:
        return NotMeasured(reason)
    quantiles = float(ndtri(upper_tail(level)) + ndtri(power))
    absolute = quantiles * sqrt(before.variance / (members * share_held_out * (1 - share_held_out)))
    return DetectableLift(absolute, None if before.mean_is_near_zero else absolute / abs(before.mean))


def _unknown(before: Moments) -> str:
    if before.n < 2 or not before.is_finite:
        return "The audience's earlier purchases are not known, so neither is what could be detected."
    if before.variance <= 0:
        return "All members of the audience had the same value before; what could be detected is not known."
    return ""


def _too_few(members: int, share_held_out: float) -> str:
    smaller = members * min(share_held_out, 1 - share_held_out)
    return "" if smaller >= 2 else "The smaller arm would have fewer than 2 members; widen the audience."
