"""Everybody else against those who take part in nothing: measured, checked, and put in plain values."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.body import Arm, Check, Judged, Kind
from analytics.gathering.members import Members
from analytics.judging import effects
from analytics.measurement import cells, moments, tails
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.lift import Lift, NotMeasured, newcombe, welch
from analytics.measurement.moments import Paired
from analytics.measurement.ratio import ratio_lift
from analytics.measurement.validity import before_balance, is_mismatch, sample_ratio
from analytics.metrics import BASKETS, MARGIN, PURCHASERS, SPEND
from analytics.programme.outcomes import BEFORE, LIFETIME, PROMOTED, Values
from analytics.programme.people import ARMS, EVERYBODY_ELSE
from campaigns.models.decision import UNIVERSAL

CLIPPED = (MARGIN, SPEND)
LABELS: dict[str, tuple[str, Kind]] = {
    MARGIN: ("Margin per member", "money"),
    PURCHASERS: ("Share who stay active: buy at all", "share"),
    BASKETS: ("Visits per member", "number"),
    LIFETIME: ("Margin expected of a member from now on", "money"),
}
SHARE_OF_CATEGORY = "Share of spend in the departments that offers were for"
BROKEN = (
    "The two groups do not have the sizes that were drawn (p = {p:.1e}): members were lost or added on one side. Check "
    "which members were deleted or merged since the draw."
)
AS_DRAWN = "The two groups have the sizes that were drawn."
NO_MARGIN = "Some purchase lines have no margin_amount: load them with it."


@dataclass(frozen=True, eq=False)
class Compared:
    """All members, what they came to over some time and what they did before the draw, metric by metric (n,)."""

    members: Members
    now: Values
    before: Values
    length: dt.timedelta


def checks(compared: Compared, share: float) -> tuple[Check, ...]:
    """The sizes that were drawn, and what both groups did before the draw."""
    return (sizes(compared.members, share), *(_alike(compared) if MARGIN in compared.before else ()))


def _alike(compared: Compared) -> tuple[Check, ...]:
    tally = cells.tally([compared.before[MARGIN]], None, compared.members.arm, len(ARMS))
    everybody, universal = (tally.moments(0, ARMS.index(arm)) for arm in (EVERYBODY_ELSE, UNIVERSAL))
    found = before_balance(everybody, universal)
    return (Check(found.name, found.state, found.sentence),)


def sizes(members: Members, share: float) -> Check:
    counts = [members.count(arm) for arm in ARMS]
    p = sample_ratio(counts, [1 - share, share])
    if isinstance(p, NotMeasured):
        return Check("sample_ratio", "unknown", p.reason)
    if is_mismatch(p):
        return Check("sample_ratio", "stop", BROKEN.format(p=p))
    return Check("sample_ratio", "fine", AS_DRAWN)


def arms(compared: Compared, share: float, *, hidden: bool) -> tuple[Arm, ...]:
    planned = {EVERYBODY_ELSE: 1 - share, UNIVERSAL: share}
    means = {arm: {} if hidden else dict(_means(compared, arm)) for arm in ARMS}
    return tuple(Arm(arm, compared.members.count(arm), planned[arm], None, means[arm]) for arm in ARMS)


def judged(compared: Compared) -> Iterator[Judged]:
    """Every metric that is known, the margin first; where that is not known, why."""
    for metric, (label, kind) in LABELS.items():
        if metric in compared.now or metric == MARGIN:
            yield _judge(compared, metric, label, kind)
    if PROMOTED in compared.now:
        yield _judge_share(compared)


def margin(compared: Compared) -> Judged:
    return _judge(compared, MARGIN, *LABELS[MARGIN])


def _judge(compared: Compared, metric: str, label: str, kind: Kind) -> Judged:
    if metric not in compared.now:
        return _told(metric, label, kind, compared, NotMeasured(NO_MARGIN), NotMeasured(NO_MARGIN))
    limit = _limit(compared, metric)
    plain = _paired(compared, metric, limit=np.inf)
    compare = newcombe if metric == PURCHASERS else welch
    raw = compare(plain[EVERYBODY_ELSE].outcome, plain[UNIVERSAL].outcome)
    held = _paired(compared, metric, limit=limit)
    found = adjusted(held[EVERYBODY_ELSE], held[UNIVERSAL])
    return _told(metric, label, kind, compared, raw if isinstance(found, NotMeasured) else found, raw, clip_at=limit)


def _limit(compared: Compared, metric: str) -> float:
    """What 1 in 1,000 members exceeded before the draw, as much more as more time is told of; infinite without any."""
    if metric not in CLIPPED or metric not in compared.before:
        return np.inf
    return tails.threshold(compared.before[metric]) * max(1.0, compared.length / BEFORE)


def _judge_share(compared: Compared) -> Judged:
    def ratio(arm: str) -> moments.Ratio:
        within = compared.members.within(arm)
        return moments.ratio(compared.now[PROMOTED][within], compared.now[SPEND][within])

    lift = ratio_lift(ratio(EVERYBODY_ELSE), ratio(UNIVERSAL))
    return _told(PROMOTED, SHARE_OF_CATEGORY, "share", None, lift, lift)


def _told(
    metric: str,
    label: str,
    kind: Kind,
    compared: Compared | None,
    found: Adjusted | Lift | NotMeasured,
    raw: Lift | NotMeasured,
    *,
    clip_at: float = np.inf,
) -> Judged:
    """`compared` is of what adds up over members; a ratio does not."""
    members = compared.members.count(EVERYBODY_ELSE) if compared else None
    return Judged(
        metric=metric,
        label=label,
        kind=kind,
        arm=EVERYBODY_ELSE,
        versus=UNIVERSAL,
        headline=effects.effect(found.lift if isinstance(found, Adjusted) else found, members=members),
        plain=effects.effect(raw, members=members),
        always=None,
        r_squared=found.r_squared if isinstance(found, Adjusted) else None,
        clip_at=clip_at if np.isfinite(clip_at) else None,
    )


def _paired(compared: Compared, metric: str, *, limit: float) -> Mapping[str, Paired]:
    """Sums by arm, with what members did before beside them: the margin, where a metric has no past of its own."""
    nothing = np.zeros(len(compared.members))
    past = compared.before.get(metric, compared.before.get(MARGIN, nothing))
    columns = [tails.clipped(compared.now[metric], limit)], [tails.clipped(past, limit)]
    tally = cells.tally(*columns, compared.members.arm, len(ARMS))
    return {arm: tally.paired(0, code) for code, arm in enumerate(ARMS)}


def _means(compared: Compared, arm: str) -> Iterator[tuple[str, float | None]]:
    within = compared.members.within(arm)
    for metric in LABELS:
        if metric in compared.now:
            yield metric, float(compared.now[metric][within].mean()) if within.any() else None
