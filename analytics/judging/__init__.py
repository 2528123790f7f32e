"""From what was gathered to a report's body: measured, checked and put in words, without the database."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np

from analytics.body import Arm, Body
from analytics.gathering import Gathered
from analytics.judging import metrics
from analytics.judging.checks import checks
from analytics.judging.days import days
from analytics.judging.engaged import costs, engagement
from analytics.judging.notes import notes
from analytics.judging.parts import given, parts
from analytics.judging.promise import promise
from analytics.judging.reached import reached
from analytics.judging.slices import deciles, segments
from analytics.judging.study import Study
from analytics.judging.verdict import verdict
from analytics.measurement.lift import LEVEL
from analytics.metrics import MARGIN, METRICS
from campaigns.models.decision import GENERIC, TREATED

__all__ = ["judge"]


def judge(gathered: Gathered, *, currency: str) -> Body:
    """Everything that can be said; while a check says stop, only the checks and how many members there are."""
    promised = promise(gathered)
    study = Study(gathered, promised.level if promised else LEVEL)
    metric = promised.metric if promised else _unpromised(study)
    checked = checks(study, metrics.named(metric))
    hidden = any(check.state == "stop" for check in checked) or gathered.until <= gathered.since
    judged = () if hidden else metrics.with_family(metrics.judged(study, metric), metric)
    told = Body(
        campaign=gathered.run.campaign.ref,
        name=gathered.run.campaign.name,
        run=gathered.run.pk,
        currency=currency,
        since=_utc(gathered.since),
        until=_utc(gathered.until),
        closes=_utc(gathered.run.outcomes_until),
        as_of=_utc(gathered.as_of),
        causal=gathered.is_random,
        verdict=verdict(study, checked, judged),
        checks=checked,
        arms=_arms(study, hidden=hidden),
        judged=judged,
        notes=notes(study, judged),
        promise=promised,
    )
    return told if hidden else _in_detail(told, study)


def _unpromised(study: Study) -> str:
    """What the verdict goes by, if it is known."""
    return MARGIN if MARGIN in study.of.now else study.of.run.campaign.primary_metric or MARGIN


def _in_detail(told: Body, study: Study) -> Body:
    return replace(
        told,
        personal_or_generic=metrics.compared(study, TREATED, GENERIC) if study.of.is_ours else (),
        reached=reached(study),
        days=days(study),
        segments=segments(study),
        deciles=deciles(study),
        parts=parts(study),
        engagement=engagement(study),
        costs=costs(study),
        given=given(study),
    )


def _utc(moment: dt.datetime) -> dt.datetime:
    """The same moment is the same text, whatever zone it came with."""
    return moment.astimezone(dt.UTC)


def _arms(study: Study, *, hidden: bool) -> tuple[Arm, ...]:
    planned = study.of.planned
    return tuple(
        Arm(
            arm=arm,
            members=study.of.members.count(arm),
            planned=planned.get(arm),
            reached=None if hidden else _reached(study, arm),
            means={} if hidden else _means(study, arm),
        )
        for arm in study.arms
    )


def _means(study: Study, arm: str) -> dict[str, float | None]:
    found = {metric.name: study.mean(metric, arm) for metric in METRICS if study.has(metric)}
    return {name: mean if math.isfinite(mean) else None for name, mean in found.items()}


def _reached(study: Study, arm: str) -> int | None:
    """None where no message is in the record, as of another tool's campaigns."""
    reached = study.of.reached
    return int(np.count_nonzero(reached & study.of.members.within(arm))) if reached.any() else None
