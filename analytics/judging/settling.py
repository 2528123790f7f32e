"""What would settle a campaign of which it is not known yet whether it pays."""

import datetime as dt
from collections.abc import Iterator
from math import ceil

from analytics.judging.study import Study
from analytics.judging.words import times
from analytics.measurement.lift import Lift, NotMeasured
from analytics.measurement.power import settling

# Of more, nobody would wait or launch so much again.
MOST_TIMES = 20.0


def settles(study: Study, lift: Lift | NotMeasured) -> tuple[str, ...]:
    """Each by itself, were the difference to stay what it is: more days, a larger holdout, more members."""
    return () if isinstance(lift, NotMeasured) else tuple(_settles(study, lift))


def _settles(study: Study, lift: Lift) -> Iterator[str]:
    members, (arm,) = study.of.members, study.compared
    held_out = members.count(study.reference)
    n = members.count(arm) + held_out
    days = max(1, (study.of.until - study.of.since).days)
    found = settling(lift.error, lift.estimate, n, share_held_out=held_out / n, days_now=days, level=study.level)
    if found.times > MOST_TIMES:
        return
    left = ceil((study.of.run.outcomes_until - study.of.until) / dt.timedelta(days=1))
    if left and found.is_settled:  # by the interval that holds on the planned day
        yield times(left, "more day", "more days")
    elif found.days and found.days <= left:
        yield times(found.days, "more day", "more days")
    if found.share_held_out and found.share_held_out > held_out / n:
        yield f"a holdout of {found.share_held_out:.0%}"
    if found.members:
        yield f"{found.members:,} more members"
