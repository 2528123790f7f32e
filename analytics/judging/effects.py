"""From what was measured to what is told: plain values, or the reason why there are none."""

from dataclasses import replace
from math import isfinite

from analytics.body import Effect, Estimate
from analytics.judging.study import Study
from analytics.measurement.lift import Lift, NotMeasured
from analytics.measurement.sequential import always_valid

BEYOND = "The figures are too large to be told apart from errors: look for a wrong amount among the purchases."


def effect(lift: Lift | NotMeasured, *, members: int | None = None) -> Effect:
    """Per member, relative, and times the members of the arm if they are given."""
    if isinstance(lift, NotMeasured):
        return Effect(reason=lift.reason)
    if not all(map(isfinite, (lift.estimate, lift.low, lift.high))):
        return Effect(reason=BEYOND)
    each = estimate(lift)
    return Effect(each=each, relative=_relative(lift), in_total=None if members is None else times(each, members))


def in_force(study: Study, lift: Lift | NotMeasured, *, members: int) -> Effect:
    """As `effect`, but while the window is open by the interval that holds at every look, as the headline is."""
    told = effect(lift, members=members)
    held = always(lift, passed=study.of.passed, level=study.level) if study.of.is_open else told.each
    if told.each is None or held is None:
        return told
    return replace(told, each=held, in_total=times(held, members))


def times(each: Estimate, members: int) -> Estimate:
    return Estimate(members * each.value, members * each.low, members * each.high)


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
