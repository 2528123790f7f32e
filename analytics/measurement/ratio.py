"""Ratios of sums, with the member as the unit: margin per spend, items per basket, clicks per message."""

from analytics.measurement.lift import LEVEL, Lift, NotMeasured, compare, too_little
from analytics.measurement.moments import Ratio


def ratio_lift(treated: Ratio, reference: Ratio, *, level: float = LEVEL) -> Lift | NotMeasured:
    """Difference of two ratios of sums, each with the delta method's variance, as Welch compares means.

    NotMeasured below two members in an arm, with unknown values, or where an arm's denominator is not clearly away
    from 0: then the ratio says nothing.
    """
    reason = too_little(treated, reference) or _nothing_below(treated, reference)
    return NotMeasured(reason) if reason else compare(treated, reference, level=level)


def _nothing_below(treated: Ratio, reference: Ratio) -> str:
    for arm, name in ((treated, "treated"), (reference, "reference")):
        if arm.below.mean_is_near_zero:
            return f"What is counted below the line is next to nothing in the {name} arm; compare sums instead."
    return ""
