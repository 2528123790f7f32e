"""Guards of the result itself: none hides it, and each says what to bear in mind when it is read."""

import numpy as np
from numpy.typing import ArrayLike

from analytics.measurement import moments
from analytics.measurement.lift import NotMeasured, welch
from analytics.measurement.validity.guard import FINE, LOOK, Guard, unknown

# What was promised is kept within so much.
POWER_LACKING = 0.03
MOST_BEYOND = 0.01
LEAST_DAYS = 14
TREND_LIMIT = 0.01


def power_reached(chance: float | NotMeasured, *, promised: float, is_open: bool) -> Guard:
    """The chance with which the lift that was planned for would be found by now; low only counts once all is in."""
    name = "power_reached"
    if isinstance(chance, NotMeasured):
        return unknown(name, chance.reason)
    told = f"A lift as small as was planned for would be found with a chance of {chance:.0%}"
    if is_open:
        return Guard(name, FINE, f"{told} by now; it grows until the window closes.", chance)
    if chance >= promised - POWER_LACKING:
        return Guard(name, FINE, f"{told}; {promised:.0%} was promised.", chance)
    sentence = (
        f"{told}, and {promised:.0%} was promised: members differed more than before. Where no lift is found, that "
        "says little; hold out more members next time."
    )
    return Guard(name, LOOK, sentence, chance)


def novelty(daily: ArrayLike) -> Guard:
    """Whether the effect per day differs between the halves of the window (Welch over days, 1 false alarm in 100).

    daily (d,): the effect of each day alone. Fewer than 14 days tell nothing.
    """
    name, each = "novelty", np.asarray(daily, dtype=np.float64)
    if each.size < LEAST_DAYS:
        return unknown(name, f"Whether the effect wears off shows after {LEAST_DAYS} days; there are {each.size}.")
    first, second = moments.of(each[: each.size // 2]), moments.of(each[each.size // 2 :])
    change = welch(second, first)
    if isinstance(change, NotMeasured) or change.p >= TREND_LIMIT:
        return Guard(name, FINE, "The effect of a day was about the same in both halves of the window.")
    sentence = (
        "The effect of a day was much smaller in the second half of the window: it may wear off. Do not count on the "
        "whole of it again."
        if abs(second.mean) < abs(first.mean)
        else "The effect of a day was much larger in the second half of the window: a longer one may show more."
    )
    return Guard(name, LOOK, sentence, change.estimate)


def beyond_the_ceiling(beyond: int, members: int) -> Guard:
    """How many members' values were held, where 1 buyer in 1,000 was above the ceiling before; at most 1 %."""
    name = "beyond_the_ceiling"
    if not members:
        return unknown(name, "There are no members to check.")
    share = beyond / members
    if share <= MOST_BEYOND:
        return Guard(name, FINE, f"{share:.2%} of the members were above the ceiling.", share)
    sentence = (
        f"{share:.1%} of the members were above the ceiling of what 1 buyer in 1,000 exceeded before, so part of what "
        "they brought does not count in the headline. Compare it with the figure without a ceiling before anything is "
        "concluded."
    )
    return Guard(name, LOOK, sentence, share)


def skewed(smaller: int, needed: int, *, is_told: bool) -> Guard:
    """Whether the smaller arm has the members that its range needs, as `tails.members_needed` counts them; and whether
    a gain or a loss is told all the same."""
    name = "enough_members"
    if smaller >= needed:
        return Guard(name, FINE, f"The smaller arm has {smaller:,} members; {needed:,} are enough.", float(needed))
    sentence = (
        f"The smaller arm has {smaller:,} members, and a few who buy much weigh so heavily among them that about "
        f"{needed:,} are needed. Until then a gain or a loss is only told if a range twice as wide would tell it, "
        f"{'as it would here' if is_told else 'and none is told here'}. Hold out more members next time."
    )
    return Guard(name, LOOK, sentence, float(needed))
