"""What must hold before a number may be believed; one check that says stop hides them all."""

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt

import numpy as np

from analytics.body import Check
from analytics.gathering import Gathered
from analytics.gathering.feed import Feed
from analytics.gathering.members import NOT_DECIDED_ON
from analytics.judging.cautions import cautions
from analytics.judging.study import Study
from analytics.measurement import validity
from analytics.measurement.lift import NotMeasured
from analytics.measurement.moments import Ratio
from analytics.measurement.validity import Guard
from analytics.metrics import METRICS, Metric
from campaigns.models.decision import HELD_OUT, TREATED, UNIVERSAL

NOT_PLANNED = "The planned sizes of the arms are not known, so they cannot be checked."
NOTHING_LATE = "No purchase has come in late since the first report."
NOT_BY_SALT = "The arms were not drawn here, so they cannot be worked out again."
ALONE = "No other campaign was at work on these members in the same time."
WITH_OTHERS = (
    "{share:.0%} of the members also got something from {others}, in this window or up to two weeks before it: part of "
    "what is seen here may be their work."
)
TWICE = (
    "{share:.1%} of the visits are in the record twice, line by line: a file came again under other references. "
    "Take the copy out and report again; it counts for some members and not for others."
)
ONCE = "No more visits than usual are in the record twice."
MOST_ELSEWHERE = 0.01
NAMED = 2
# Repeats beyond so many standard errors of what was usual before are no chance.
UNUSUAL = 4.0


def checks(study: Study, metric: Metric) -> tuple[Check, ...]:
    """Every guard by its name, of the result only where it is shown; `metric` is what the campaign is judged by."""
    guards = [*_arms(study), *_members(study.of), *_purchases(study.of)]
    if study.of.is_random and len(study.compared) == 1:
        guards += _alike(study, metric)
    if not any(guard.state == "stop" for guard in guards):
        guards += cautions(study, metric)
    return tuple(Check(guard.name, guard.state, guard.sentence) for guard in guards)


def sizes(study: Study) -> float | NotMeasured:
    """p that the arms' sizes came from the plan by chance."""
    shares = _shares(study)
    if not shares:
        return NotMeasured(NOT_PLANNED)
    return validity.sample_ratio([study.of.members.count(arm) for arm in shares], list(shares.values()))


def _shares(study: Study) -> dict[str, float]:
    """The planned share of each arm, 0 of one that was not planned; empty where nothing is known."""
    if not study.of.planned:
        return {}
    arms = sorted({*study.arms, *study.of.planned} - {NOT_DECIDED_ON})
    return {arm: study.of.planned.get(arm, 0.0) for arm in arms}


def _arms(study: Study) -> Iterator[Guard]:
    gathered, shares = study.of, _shares(study)
    if not shares:
        yield Guard("sample_ratio", "unknown", NOT_PLANNED)
        return
    counts = [gathered.members.count(arm) for arm in shares]
    yield validity.sample_ratio_overall(counts, list(shares.values()))
    if len(gathered.exposure.by_day) > 1:
        yield _by("day", gathered.exposure.by_day, shares)
    if gathered.segments:
        yield _by("segment", _by_segment(gathered), shares)
    if gathered.exposure.by_channel:
        told = {arm: shares.get(arm, 0.0) for arm in (HELD_OUT, TREATED)}
        found = _by("channel", gathered.exposure.by_channel, told)
        # What limits and capacities left of a channel for the treated is not exactly the plan.
        yield replace(found, state="look") if found.state == "stop" else found


def _by(cut: str, parts: dict[str, dict[str, int]], shares: dict[str, float]) -> Guard:
    counts = np.array([[of_part.get(arm, 0) for arm in shares] for of_part in parts.values()])
    return validity.sample_ratio_by(cut, list(parts), counts, list(shares.values()))


def _by_segment(gathered: Gathered) -> dict[str, dict[str, int]]:
    members = gathered.members
    return {
        name: {arm: int(np.count_nonzero(inside & members.within(arm))) for arm in members.arms}
        for name, inside in gathered.segments.items()
    }


def _members(gathered: Gathered) -> Iterator[Guard]:
    members, exposure = gathered.members, gathered.exposure
    yield validity.contamination(exposure.reached, members.count(HELD_OUT) + members.count(UNIVERSAL))
    yield validity.multiple_exposure(exposure.several, len(members))
    yield _others(gathered)
    if exposure.moved is None:
        yield Guard("salt_changed", "unknown", NOT_BY_SALT)
    else:
        yield validity.salt_changed(exposure.moved, len(members))
    if exposure.sent_after["treated"].n or exposure.sent_after["held_out"].n:
        yield validity.sent_alike(exposure.sent_after["treated"], exposure.sent_after["held_out"])
    found = gathered.engagement
    if found.member.size:
        yield validity.bot_engagement(found.member, found.at, found.after)


def _others(gathered: Gathered) -> Guard:
    """Other campaigns of the same time; a warning, since chance shares them out to both arms."""
    decided = sum(gathered.members.count(arm) for arm in gathered.members.arms if arm != NOT_DECIDED_ON)
    share = sum(gathered.exposure.elsewhere.values()) / decided
    if share <= MOST_ELSEWHERE:
        return Guard("other_campaigns", "fine", ALONE, share)
    names = gathered.exposure.others
    told = ", ".join(f"“{name}”" for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return Guard("other_campaigns", "look", WITH_OTHERS.format(share=share, others=told + more), share)


def _purchases(gathered: Gathered) -> Iterator[Guard]:
    feed = gathered.feed
    loaded = _loaded(feed.days, is_open=gathered.is_open)
    yield validity.missing_feed(feed.days_before, loaded, closed=feed.closed)
    yield _late(feed.late)
    yield _twice(feed)
    yield validity.refunds(feed.returns_before, int(feed.days_before.sum()), feed.returns, int(feed.days.sum()))
    yield validity.window_shifted(feed.hours_before, feed.hours)


def _loaded(days: np.ndarray, *, is_open: bool) -> np.ndarray:
    """While the window is open the last days may not have been loaded yet."""
    filled = np.flatnonzero(days)
    return days[: filled[-1] + 1 if filled.size else 0] if is_open else days


def _late(late: dict[str, Ratio]) -> Guard:
    if not {HELD_OUT, TREATED} <= late.keys() or not any(arm.m for arm in late.values()):
        return Guard("late_data", "fine", NOTHING_LATE)
    return validity.late_data(late[TREATED], late[HELD_OUT])


def _twice(feed: Feed) -> Guard:
    found = validity.duplicates(_unusual(feed.visits, feed.repeated), feed.visits[1])
    if found.figure is None:
        return found
    return replace(found, sentence=TWICE.format(share=found.figure) if found.state == "stop" else ONCE)


def _unusual(visits: tuple[int, int], repeated: tuple[int, int]) -> int:
    """Repeated visits of the window beyond what was usual before, as a few always are."""
    usual = repeated[0] / visits[0] * visits[1] if visits[0] else 0.0
    return max(0, int(repeated[1] - usual - UNUSUAL * sqrt(usual + 1)))


def _alike(study: Study, metric: Metric) -> list[Guard]:
    """Whether the arms were alike before, in what they are judged by or what comes nearest to it."""
    known = [each for each in (metric, *METRICS) if each.of in study.of.before and study.has(each) and not each.over]
    (arm,) = study.compared
    treated, reference = (study.paired(known[0], name) for name in (arm, study.reference))
    return [
        validity.before_balance(treated.before, reference.before),
        validity.variance_change(treated, reference),
    ]
