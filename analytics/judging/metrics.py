"""Every metric, one arm against another: by the method that was fixed, and as it is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analytics.body import Judged
from analytics.judging import effects, enough
from analytics.judging.in_per_cent import in_per_cent
from analytics.judging.study import Study
from analytics.measurement import ratio
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.did import difference_in_differences
from analytics.measurement.families import benjamini_hochberg
from analytics.measurement.lift import Lift, NotMeasured, newcombe, welch
from analytics.metrics import METRICS, Metric

NO_BEFORE = "Purchases of the time before have no margin_amount: load them with it, or judge by spend."
NO_RATIO = "Not told: members were not drawn at random, and ratios are not followed over time."


def named(name: str) -> Metric:
    """The metric of that name; margin where there is none."""
    return next((metric for metric in METRICS if metric.name == name), METRICS[0])


def judged(study: Study, promised: str) -> tuple[Judged, ...]:
    """All metrics of all arms against the reference, the promised one first."""
    metrics = sorted(METRICS, key=lambda metric: metric.name != promised)
    return tuple(judge(study, metric, arm, study.reference) for metric in metrics for arm in study.compared)


def judge(study: Study, metric: Metric, arm: str, versus: str) -> Judged:
    members = study.of.members.count(arm)
    headline = _headline(study, metric, arm, versus)
    lift = _of(headline)
    total = None if metric.is_ratio else members
    return Judged(
        metric=metric.name,
        label=metric.label,
        kind=metric.kind,
        arm=arm,
        versus=versus,
        headline=replace(effects.effect(lift, members=total), per_cent=in_per_cent(study, metric, versus, headline)),
        plain=effects.effect(plain(study, metric, arm, versus), members=total),
        always=effects.always(lift, passed=study.of.passed, level=study.level) if study.of.is_open else None,
        r_squared=headline.r_squared if isinstance(headline, Adjusted) else None,
        clip_at=None if metric.is_ratio else study.of.clip_at.get(metric.of),
        few=enough.few(study, metric, arm, versus) if study.of.is_random else None,
    )


def lift(study: Study, name: str, arm: str) -> Lift | NotMeasured:
    """The lift that the headline tells, with its error."""
    return _of(_headline(study, named(name), arm, study.reference))


def compared(study: Study, arm: str, versus: str) -> tuple[Judged, ...]:
    """All metrics of one arm against another; nothing where either has nobody."""
    if not (study.of.members.count(arm) and study.of.members.count(versus)):
        return ()
    return tuple(judge(study, metric, arm, versus) for metric in METRICS)


def with_family(found: Sequence[Judged], promised: str) -> tuple[Judged, ...]:
    """With q beside every p but those of the promised metric, which is not one of many."""
    secondary = [each for each in found if each.metric != promised and each.headline.each]
    p = [each.headline.each.p if each.headline.each else None for each in secondary]
    q = benjamini_hochberg(np.array([np.nan if each is None else each for each in p]))
    told = {id(each): float(value) for each, value in zip(secondary, q, strict=True) if np.isfinite(value)}
    return tuple(replace(each, q=told.get(id(each))) for each in found)


def _of(headline: Adjusted | Lift | NotMeasured) -> Lift | NotMeasured:
    return headline.lift if isinstance(headline, Adjusted) else headline


def plain(study: Study, metric: Metric, arm: str, versus: str) -> Lift | NotMeasured:
    """As it is, without a limit on values and without adjustment."""
    if not study.has(metric):
        return NotMeasured(study.of.window.missing)
    if not study.of.is_random:
        return _over_time(study, metric, arm, versus)
    if metric.is_ratio:
        return ratio.ratio_lift(study.ratio(metric, arm), study.ratio(metric, versus), level=study.level)
    compare = newcombe if metric.is_yes_or_no else welch
    return compare(study.plain(metric, arm), study.plain(metric, versus), level=study.level)


def _headline(study: Study, metric: Metric, arm: str, versus: str) -> Adjusted | Lift | NotMeasured:
    """Adjusted for what members did before, where it can be."""
    if not (study.of.is_random and study.has(metric) and study.knew_before(metric)):
        return plain(study, metric, arm, versus)
    if metric.is_ratio:
        found = ratio.cuped(study.paired_ratio(metric, arm), study.paired_ratio(metric, versus), level=study.level)
    else:
        found = adjusted(study.paired(metric, arm), study.paired(metric, versus), level=study.level)
    return plain(study, metric, arm, versus) if isinstance(found, NotMeasured) else found


def _over_time(study: Study, metric: Metric, arm: str, versus: str) -> Lift | NotMeasured:
    """Both arms' change since the time before, of the same length."""
    if metric.is_ratio or metric.of not in study.of.alike:
        return NotMeasured(NO_RATIO if metric.is_ratio else NO_BEFORE)
    members = study.of.members
    treated = members.within(arm)
    both = treated | members.within(versus)
    before, now = study.of.alike[metric.of], study.of.now[metric.of]
    return difference_in_differences(before[both], now[both], treated[both], level=study.level)
