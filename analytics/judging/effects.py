"""From what was measured to what is told: plain values, or the reason why there are none."""

from math import isfinite

from analytics.body import Effect, Estimate
from analytics.measurement.lift import Lift, NotMeasured
from analytics.measurement.sequential import always_valid

BEYOND = "The figures are too large to be told apart from errors: look for a wrong amount among the purchases."


def effect(lift: Lift | NotMeasured, *, members: int | None = None) -> Effect:
    """Per member, relative, and times the members of the arm if they are given."""
    if isinstance(lift, NotMeasured):
        return Effect(reason=lift.reason)
    if not all(map(isfinite, (lift.estimate, lift.low, lift.high))):
        return Effect(reason=BEYOND)
    return Effect(each=estimate(lift), relative=_relative(lift), in_total=_times(lift, members))


def estimate(lift: Lift) -> Estimate:
    return Estimate(lift.estimate, lift.low, lift.high, lift.p)


def always(lift: Lift | NotMeasured, *, passed: float, level: float) -> Estimate | None:
    """With the interval that holds at every look; `passed` is the share of the planned time that has passed."""
    if isinstance(lift, NotMeasured) or not 0 < lift.error < float("inf") or not passed > 0:
        return None
    held = always_valid(lift.estimate, lift.error, passed, planned_n=1, level=level)
    return Estimate(lift.estimate, held.low, held.high, held.p)


def _relative(lift: Lift) -> Estimate | None:
    if lift.relative is None or lift.relative_low is None or lift.relative_high is None:
        return None
    return Estimate(lift.relative, lift.relative_low, lift.relative_high)


def _times(lift: Lift, members: int | None) -> Estimate | None:
    return None if members is None else Estimate(members * lift.estimate, members * lift.low, members * lift.high)
