"""What to bear in mind when a number is read that may be shown: nothing here hides it."""

from collections.abc import Iterator

import numpy as np

from analytics.judging import effects, enough, metrics
from analytics.judging.metrics import named
from analytics.judging.promise import promise
from analytics.judging.study import Study
from analytics.measurement import power, validity
from analytics.measurement.power import POWER
from analytics.measurement.validity import Guard
from analytics.metrics import MARGIN, Metric

# A metric that hardly ever changes is foretold no better than this.
MOST_FORETOLD = 0.99
LOOKS_WHILE_OPEN = (
    "It may be read every day: until the window closes, the verdict goes by the range that allows for that."
)
LOOKS_AFTERWARDS = "The verdict goes by the range of the day that was planned, however often it was read before."
LOOKS_UNPLANNED = (
    "The verdict goes by the range of the last day, once everything was counted: no day was planned for it."
)


def cautions(study: Study, metric: Metric) -> Iterator[Guard]:
    """Of the only arm there is to compare, where chance drew it; `metric` is what it is judged by."""
    if not study.of.is_random or len(study.compared) != 1 or study.of.until <= study.of.since:
        return
    yield Guard("daily_looks", "fine", _looks(study))
    yield validity.novelty(_by_day(study))
    if study.has(metric) and not metric.is_ratio:
        yield _beyond(study, metric)
        yield _skewed(study, metric)
        yield from _power(study, metric)


def _looks(study: Study) -> str:
    if study.of.is_open:
        return LOOKS_WHILE_OPEN
    return LOOKS_AFTERWARDS if study.of.run.promise_digest else LOOKS_UNPLANNED


def _by_day(study: Study) -> np.ndarray:
    """(d,) what each whole day added to the effect on margin."""
    arms = study.of.members.arms
    treated, others = (arms.index(arm) for arm in (study.compared[0], study.reference))
    days = study.of.window.days[: -1 if study.of.is_open else None]
    upto = [day.arms[treated].outcome.mean - day.arms[others].outcome.mean for day in days]
    return np.asarray(np.diff(upto, prepend=0.0))


def _beyond(study: Study, metric: Metric) -> Guard:
    """Of what it is judged by, or of the margin where that has no ceiling, as a share of members has none."""
    held = metric.of if metric.of in study.of.clip_at else MARGIN
    if held not in study.of.clip_at:
        return Guard("beyond_the_ceiling", "unknown", "Too few members bought before to say what a giant basket is.")
    beyond = np.abs(study.of.now[held][_compared(study)]) > study.of.clip_at[held]
    return validity.beyond_the_ceiling(int(np.count_nonzero(beyond)), len(beyond))


def _skewed(study: Study, metric: Metric) -> Guard:
    """Of what it is judged by and of the margin, by which the verdict goes, the one that needs more members."""
    smaller = min(study.of.members.count(arm) for arm in (study.compared[0], study.reference))
    known = [each for each in {metric, named(MARGIN)} if study.has(each)]
    needed = max(enough.needed(study, each) for each in known)
    return validity.skewed(smaller, needed, is_told=_is_told(study))


def _is_told(study: Study) -> bool:
    arm = study.compared[0]
    each = effects.in_force(study, metrics.lift(study, MARGIN, arm), members=1).each
    return each is not None and enough.is_told(each, enough.few(study, named(MARGIN), arm, study.reference))


def _power(study: Study, metric: Metric) -> Iterator[Guard]:
    """Of what was promised; nothing where nothing was, or it was not known how small a lift could be told."""
    promised = promise(study.of)
    if promised is None or promised.detectable is None:
        return
    arm, others = study.paired(metric, study.compared[0]), study.paired(metric, study.reference)
    both = arm + others
    chance = power.chance(
        both.outcome,
        members=both.n,
        share_held_out=others.n / both.n,
        lift_absolute=promised.detectable * study.of.passed,
        level=study.level,
        r_squared=_foretold(both.correlation),
    )
    yield validity.power_reached(chance, promised=POWER, is_open=study.of.is_open)


def _foretold(correlation: float) -> float:
    return min(correlation**2, MOST_FORETOLD)


def _compared(study: Study) -> np.ndarray:
    """(n,) who is in either arm."""
    members = study.of.members
    return np.asarray(members.within(study.compared[0]) | members.within(study.reference))
