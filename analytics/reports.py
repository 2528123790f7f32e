"""One metric of a campaign as it stands, without a limit on values and without adjustment: for the command line.

What is judged and kept is in `freezing`; the record is gathered and compared in the same way.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analytics.body import Check
from analytics.freezing import run_of
from analytics.gathering import Gathered, gather
from analytics.judging import metrics
from analytics.judging.checks import checks, sizes
from analytics.judging.notes import against
from analytics.judging.study import Study
from analytics.measurement.lift import Lift, NotMeasured
from analytics.metrics import METRICS, Metric
from campaigns import responses
from campaigns.models import Campaign, Run
from campaigns.models.decision import UNIVERSAL
from loyalty.refusal import Refused

EVENT = "event:"
KNOWN = tuple(Campaign.Metric.values)


@dataclass(frozen=True)
class ArmFigures:
    """Members in one arm, and the metric's mean and sum over them; None where it could not be measured."""

    arm: str
    n: int
    mean: float | None
    sum: float | None


@dataclass(frozen=True)
class Comparison:
    """One arm against the reference; `in_total` is the estimate and its interval times the arm's members."""

    arm: str
    versus: str
    lift: Lift | NotMeasured
    in_total: tuple[float, float, float] | None


@dataclass(frozen=True)
class CampaignReport:
    """What can be said of one metric. `reasons` are all that speaks against taking the lift at its word."""

    campaign: Campaign
    run: Run
    metric: str
    since: dt.datetime
    until: dt.datetime
    arms: tuple[ArmFigures, ...]
    comparisons: tuple[Comparison, ...]
    checks: tuple[Check, ...]
    sample_ratio_p: float | None
    is_causal: bool
    reasons: tuple[str, ...]

    @property
    def valid(self) -> bool:
        return not self.reasons


def report(campaign: Campaign, metric: str, *, as_of: dt.datetime) -> CampaignReport:
    """Compare every arm of the campaign's newest run with its reference on one metric, as known at `as_of`.

    Raises Refused where the campaign was never run or the metric is not one.
    """
    run, asked = run_of(campaign), _metric(metric)
    study = Study(_with_event(gather(run, as_of=as_of), metric))
    checked = checks(study, asked)
    hidden = _hidden(study, checked)
    arms = [arm for arm in study.arms if arm not in (study.reference, UNIVERSAL)]
    comparisons = tuple(_compare(study, asked, arm, hidden) for arm in arms)
    p = sizes(study)
    return CampaignReport(
        campaign=campaign,
        run=run,
        metric=metric,
        since=study.of.since,
        until=study.of.until,
        arms=tuple(_figures(study, asked, arm, hidden) for arm in study.arms),
        comparisons=comparisons,
        checks=checked,
        sample_ratio_p=None if isinstance(p, NotMeasured) else p,
        is_causal=study.of.is_random,
        reasons=tuple(dict.fromkeys(_reasons(study, comparisons))),
    )


def _metric(name: str) -> Metric:
    if name.startswith(EVENT):
        return Metric(name, name, "share", of=name)
    if name not in KNOWN:
        raise Refused(f"There is no metric {name}: choose {', '.join(KNOWN)}, or event:KIND.")
    return next(metric for metric in METRICS if metric.name == name)


def _with_event(gathered: Gathered, metric: str) -> Gathered:
    """With the share of members who had such an event, if that is asked for."""
    if not metric.startswith(EVENT):
        return gathered
    kind, ids, since = metric.removeprefix(EVENT), gathered.members.ids, gathered.since
    now = responses.had_event(ids, kind, since=since, until=gathered.until).astype(float)
    alike = responses.had_event(ids, kind, since=since - (gathered.until - since), until=since).astype(float)
    window = replace(gathered.window, values={**gathered.now, metric: now})
    return replace(gathered, window=window, alike={**gathered.alike, metric: alike})


def _hidden(study: Study, checked: tuple[Check, ...]) -> NotMeasured | None:
    """Why no lift is shown at all, whatever the numbers say."""
    stopped = [check.sentence for check in checked if check.state == "stop"]
    if study.of.until <= study.of.since:
        return NotMeasured(next(iter(against(study))))
    return NotMeasured(stopped[0]) if stopped else None


def _figures(study: Study, metric: Metric, arm: str, hidden: NotMeasured | None) -> ArmFigures:
    members = study.of.members.count(arm)
    if hidden or not study.has(metric):
        return ArmFigures(arm, members, None, None)
    found = study.plain(metric, arm)
    return ArmFigures(arm, members, found.mean, found.total)


def _compare(study: Study, metric: Metric, arm: str, hidden: NotMeasured | None) -> Comparison:
    lift = hidden or metrics.plain(study, metric, arm, study.reference)
    members = study.of.members.count(arm)
    if isinstance(lift, NotMeasured):
        return Comparison(arm, study.reference, lift, None)
    return Comparison(arm, study.reference, lift, (members * lift.estimate, members * lift.low, members * lift.high))


def _reasons(study: Study, comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    """All that speaks against taking the figures at their word, the gravest first."""
    yield from (each.lift.reason for each in comparisons if isinstance(each.lift, NotMeasured))
    yield from against(study)
