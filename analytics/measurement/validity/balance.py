"""Guards of the arms themselves: alike before anything was sent, and no wilder since."""

from math import sqrt

from analytics.measurement.lift import NotMeasured, welch
from analytics.measurement.moments import Moments, Paired
from analytics.measurement.validity.guard import FINE, LOOK, STOP, Guard, unknown

# 1 in 1,000 by chance.
MOST_Z = 3.3
MOST_TIMES = 2.0


def before_balance(treated: Moments, reference: Moments) -> Guard:
    """The outcome in the time before, where nothing can have had an effect: |z| of the difference below 3.3."""
    name = "before_balance"
    lift = welch(treated, reference)
    if isinstance(lift, NotMeasured):
        return unknown(name, f"The time before cannot be compared. {lift.reason}")
    z = lift.estimate / lift.error
    if abs(z) < MOST_Z:
        return Guard(name, FINE, "The arms were alike before anything was sent.", z)
    sentence = (
        f"The arms differed before anything was sent, by {lift.estimate:+,.2f} per member ({abs(z):.1f} standard "
        "errors): they were not drawn at random from the same members. Find what was applied to one arm only."
    )
    return Guard(name, STOP, sentence, z)


def variance_change(treated: Paired, reference: Paired) -> Guard:
    """How much more treated members' spread changed since the time before than the others': at most doubled or halved.

    It is only to be looked at: an effect on few members widens the spread, and so does a single giant basket.
    """
    name = "variance_change"
    spreads = [(arm.outcome.variance, arm.before.variance) for arm in (treated, reference)]
    if not all(now > 0 and then > 0 for now, then in spreads):
        return unknown(name, "The spread of an arm, now or before, is not known.")
    (now, then), (reference_now, reference_then) = spreads
    times = sqrt(now / then) / sqrt(reference_now / reference_then)
    if 1 / MOST_TIMES <= times <= MOST_TIMES:
        return Guard(name, FINE, "The spread of both arms changed alike.", times)
    sentence = (
        f"The spread of treated members changed {times:.1f} times as much as the others'. Look for giant baskets, and "
        "judge by the figures with a ceiling."
    )
    return Guard(name, LOOK, sentence, times)
