"""What would settle a campaign of which it is not known yet whether it pays."""

import datetime as dt
from math import ceil

from analytics.body import Few, Needed
from analytics.judging.study import Study
from analytics.measurement.lift import Lift, NotMeasured
from analytics.measurement.power import Settling, settling

# Of more, nobody would wait or launch so much again.
MOST_TIMES = 20.0
HALF = 0.5


def needed(study: Study, lift: Lift | NotMeasured) -> Needed | None:
    """More days, a larger holdout, or more members; None where no reasonable amount of them would do."""
    if isinstance(lift, NotMeasured):
        return None
    members, (arm,) = study.of.members, study.compared
    held_out = members.count(study.reference)
    n = members.count(arm) + held_out
    days = max(1, (study.of.until - study.of.since).days)
    found = settling(lift.error, lift.estimate, n, share_held_out=held_out / n, days_now=days, level=study.level)
    if found.times > MOST_TIMES:
        return None
    return Needed(
        times=found.times,
        members=n,
        held_out=held_out / n,
        days=_days(study, found),
        more_members=found.members or None,
        larger_holdout=_larger(found, held_out / n),
    )


def more(study: Study, few: Few) -> Needed:
    """What gives a range that lies on one side of 0 the members it needs: more of them, or more held out."""
    members, (arm,) = study.of.members, study.compared
    held_out = members.count(study.reference)
    n, times = members.count(arm) + held_out, few.needed / few.members
    larger = few.needed / n if few.arm == study.reference else None
    return Needed(
        times=times,
        members=n,
        held_out=held_out / n,
        more_members=ceil(times * n) - n,
        larger_holdout=larger if larger and larger <= HALF else None,
    )


def _days(study: Study, found: Settling) -> int | None:
    """Until the window ends, if that is enough; what is settled already is so by the interval of the planned day."""
    left = ceil((study.of.run.outcomes_until - study.of.until) / dt.timedelta(days=1))
    wanted = left if found.is_settled else found.days
    return wanted if wanted and wanted <= left else None


def _larger(found: Settling, now: float) -> float | None:
    return found.share_held_out if found.share_held_out and found.share_held_out > now else None
