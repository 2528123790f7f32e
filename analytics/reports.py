"""Did the campaign pay? Treated members against held-out ones, by intention to treat, with what must hold for that."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analytics import outcomes
from analytics.measurement import moments
from analytics.measurement.did import difference_in_differences
from analytics.measurement.lift import Lift, NotMeasured, newcombe, welch
from analytics.measurement.validity import is_mismatch, sample_ratio
from campaigns.models import Campaign, Run
from campaigns.models.decision import HELD_OUT
from loyalty.refusal import Refused

GENERIC = "generic"

BROKEN = (
    "The arms do not have the sizes that were planned (p = {p:.1e}): something was lost or added on the way, and the "
    "lift is hidden. Check the assignments that were loaded, and every filter between decision and report."
)
OPEN = "The outcome window is open until {until:%-d %B %Y}: what stands here is not the verdict yet."
NOT_CAUSAL = (
    "Members were not drawn at random (design: {design}), so the campaign alone did not cause this difference. It is a "
    "difference-in-differences against the {days} days before."
)
NOTHING_YET = "The outcome window begins on {since:%-d %B %Y}: there is nothing to measure yet."
NO_HOLDOUT = "Nobody was held out: every arm is compared with “{versus}”, so this is not the lift of the campaign."
ONE_ARM = "There is only one arm, “{arm}”, and nothing to compare it with: hold members out next time."


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
    run = _newest_run(campaign)
    _check(metric)
    is_causal = campaign.design == Campaign.Design.RANDOMISED
    members = outcomes.audience(run, with_the_rest=not is_causal)
    sample_ratio_p = _sample_ratio(run, members)
    hidden = _hidden(run, sample_ratio_p, as_of)
    study = _study(run, metric, members, until=min(run.outcomes_until, as_of), is_causal=is_causal, hidden=hidden)
    comparisons = tuple(_compare(study, arm) for arm in study.arms if arm != study.reference)
    return CampaignReport(
        campaign=campaign,
        run=run,
        metric=metric,
        since=run.outcomes_from,
        until=study.until,
        arms=tuple(_figures(study, arm) for arm in study.arms),
        comparisons=comparisons,
        sample_ratio_p=None if isinstance(sample_ratio_p, NotMeasured) else sample_ratio_p,
        is_causal=is_causal,
        reasons=tuple(_reasons(study, comparisons, as_of)),
    )


@dataclass(frozen=True)
class _Study:
    """What a report is made of; `before` are the values of the period before, where the design is not random."""

    run: Run
    metric: str
    members: outcomes.Audience
    values: outcomes.Values
    before: outcomes.Values | None
    until: dt.datetime
    hidden: NotMeasured | None
    arms: tuple[str, ...]
    reference: str


def _study(
    run: Run,
    metric: str,
    members: outcomes.Audience,
    *,
    until: dt.datetime,
    is_causal: bool,
    hidden: NotMeasured | None,
) -> _Study:
    since, until = run.outcomes_from, max(until, run.outcomes_from)
    arms, counts = np.unique(members.arm, return_counts=True)
    by_size = [str(arm) for arm in arms[np.argsort(-counts, kind="stable")]]
    return _Study(
        run=run,
        metric=metric,
        members=members,
        values=outcomes.values(metric, run, members, since=since, until=until),
        before=None if is_causal else outcomes.values(metric, run, members, since=since - (until - since), until=since),
        until=until,
        hidden=hidden,
        arms=tuple(sorted(by_size)),
        reference=next((arm for arm in (HELD_OUT, GENERIC, outcomes.NOT_DECIDED_ON) if arm in by_size), by_size[0]),
    )


def _newest_run(campaign: Campaign) -> Run:
    run = campaign.runs.exclude(decisions=None).select_related("campaign").order_by("-pk").first()
    if run is None:
        raise Refused(f"{campaign.name} has decided on nobody yet: launch it, or load its assignments, first.")
    return run


def _check(metric: str) -> None:
    if metric not in Campaign.Metric.values and not metric.startswith(outcomes.EVENT):
        known = ", ".join(Campaign.Metric.values)
        raise Refused(f"There is no metric {metric}: choose {known}, or event:KIND.")


def _sample_ratio(run: Run, members: outcomes.Audience) -> float | NotMeasured:
    if run.share_held_out is None:
        return NotMeasured("The planned share of held-out members is not known.")
    decided = members.arm != outcomes.NOT_DECIDED_ON
    held_out = int((members.arm == HELD_OUT).sum())
    return sample_ratio([held_out, int(decided.sum()) - held_out], [run.share_held_out, 1 - run.share_held_out])


def _hidden(run: Run, sample_ratio_p: float | NotMeasured, as_of: dt.datetime) -> NotMeasured | None:
    """Why no lift is shown at all, whatever the numbers say."""
    if as_of <= run.outcomes_from:
        return NotMeasured(NOTHING_YET.format(since=run.outcomes_from))
    if is_mismatch(sample_ratio_p):
        return NotMeasured(BROKEN.format(p=sample_ratio_p))
    return None


def _figures(study: _Study, arm: str) -> ArmFigures:
    there = study.members.arm == arm
    if study.hidden or isinstance(study.values, NotMeasured):
        return ArmFigures(arm, int(there.sum()), None, None)
    found = moments.of(study.values[there])
    return ArmFigures(arm, found.n, found.mean, found.total)


def _compare(study: _Study, arm: str) -> Comparison:
    lift = study.hidden or _lift(study, arm)
    treated = int((study.members.arm == arm).sum())
    if isinstance(lift, NotMeasured):
        return Comparison(arm, study.reference, lift, None)
    return Comparison(arm, study.reference, lift, (treated * lift.estimate, treated * lift.low, treated * lift.high))


def _lift(study: _Study, arm: str) -> Lift | NotMeasured:
    if isinstance(study.values, NotMeasured):
        return study.values
    treated, reference = study.members.arm == arm, study.members.arm == study.reference
    if study.before is None:
        compare = newcombe if outcomes.is_share(study.metric) else welch
        return compare(moments.of(study.values[treated]), moments.of(study.values[reference]))
    if isinstance(study.before, NotMeasured):
        return study.before
    both = treated | reference
    return difference_in_differences(study.before[both], study.values[both], treated[both])


def _reasons(study: _Study, comparisons: Sequence[Comparison], as_of: dt.datetime) -> Iterator[str]:
    """All that speaks against taking the figures at their word, the gravest first."""
    yield from dict.fromkeys(each.lift.reason for each in comparisons if isinstance(each.lift, NotMeasured))
    if not comparisons:
        yield ONE_ARM.format(arm=study.reference)
    if study.before is not None:
        yield NOT_CAUSAL.format(design=study.run.campaign.design, days=(study.until - study.run.outcomes_from).days)
    elif study.reference != HELD_OUT:
        yield NO_HOLDOUT.format(versus=study.reference)
    if study.run.outcomes_from < as_of < study.run.outcomes_until:
        yield OPEN.format(until=study.run.outcomes_until)
