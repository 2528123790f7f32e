"""How the effect grew from day to day."""

from collections.abc import Iterator

from analytics.body import Day
from analytics.gathering import DaySums
from analytics.judging import effects
from analytics.judging.study import Study
from analytics.measurement.cuped import adjusted
from analytics.measurement.lift import NotMeasured


def days(study: Study) -> tuple[Day, ...]:
    """Net margin per member up to each day, of the only arm there is to compare; nothing where it cannot be told."""
    if not study.of.is_random or len(study.compared) != 1:
        return ()
    return tuple(_told(study))


def _told(study: Study) -> Iterator[Day]:
    arm, versus = (study.of.members.arms.index(name) for name in (*study.compared, study.reference))
    for each in study.of.window.days:
        found = adjusted(each.arms[arm], each.arms[versus], level=study.level)
        if isinstance(found, NotMeasured):
            continue  # as before anybody bought anything
        always = effects.always(found.lift, passed=_passed(study, each), level=study.level)
        if always is not None:
            yield Day(each.day, effects.estimate(found.lift), always)


def _passed(study: Study, day: DaySums) -> float:
    """The share of the outcome window that had passed by then."""
    return (day.until - study.of.since) / (study.of.run.outcomes_until - study.of.since)
