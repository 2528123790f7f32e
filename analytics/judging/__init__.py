"""From what was gathered to a report's body: measured, checked and put in words, without the database."""

import math

from analytics.body import Arm, Body, Promise
from analytics.gathering import Gathered
from analytics.judging import metrics, verdict
from analytics.judging.checks import checks
from analytics.judging.days import days
from analytics.judging.study import Study
from analytics.metrics import MARGIN, METRICS

__all__ = ["judge"]


def judge(gathered: Gathered, promise: Promise | None, *, currency: str) -> Body:
    """Everything that can be said; while a check says stop, only the check and how many members there are."""
    study = Study(gathered, **({"level": promise.level} if promise else {}))
    run, campaign = gathered.run, gathered.run.campaign
    promised = (promise.metric if promise else campaign.primary_metric) or MARGIN
    checked = checks(study, metrics.named(promised))
    hidden = any(check.state == "stop" for check in checked)
    judged = () if hidden else metrics.with_family(metrics.judged(study, promised), promised)
    return Body(
        campaign=campaign.ref,
        name=campaign.name,
        run=run.pk,
        currency=currency,
        since=gathered.since,
        until=gathered.until,
        closes=run.outcomes_until,
        as_of=gathered.as_of,
        causal=gathered.is_random,
        verdict=verdict.verdict(study, checked, judged),
        checks=checked,
        arms=_arms(study, hidden=hidden),
        judged=judged,
        promise=promise,
        days=() if hidden else days(study),
    )


def _arms(study: Study, *, hidden: bool) -> tuple[Arm, ...]:
    planned = study.of.planned
    return tuple(
        Arm(
            arm=arm,
            members=study.of.members.count(arm),
            planned=planned.get(arm),
            reached=None,
            means={} if hidden else _means(study, arm),
        )
        for arm in study.arms
    )


def _means(study: Study, arm: str) -> dict[str, float | None]:
    found = {metric.name: study.mean(metric, arm) for metric in METRICS if study.has(metric)}
    return {name: mean if math.isfinite(mean) else None for name, mean in found.items()}
