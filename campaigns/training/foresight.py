"""How good an outlook on members is: judged by what they did later, beside the one in use and what is simpler."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import outlook, quality
from campaigns.scoring.baselines import Baseline, everybody
from campaigns.scoring.intervals import Estimate, NotMeasured
from campaigns.scoring.outlook import CHURN, RECENCY, Outlook
from campaigns.training.card import Figure, Measure, Quality
from campaigns.training.contest import Judged
from campaigns.training.judging import IN_USE, THIS
from campaigns.training.rule import Standing
from loyalty.profiling.table import Profiles

Array = NDArray[np.float64]
Scores = Mapping[str, NDArray[np.floating]]

BASE, AGO, BEFORE = "Base rate", "Days since last purchase", "Spend of the last 90 days"
TENTHS = 10
SPENT = "spend_90"
SURER, NEARER = "its log loss is {} below that of {}", "its squared error is {} below that of {}"


@dataclass(frozen=True, eq=False)
class Looked:
    """Members as of a day, whether each came within a window after it, and the margin they brought in money, (n,)."""

    profiles: Profiles
    came: NDArray[np.bool_]
    margin: Array

    def counted(self, kind: str, *, window_days: int) -> "Looked":
        """Of whom there is something to expect."""
        rows = np.flatnonzero(outlook.counts(kind, self.profiles, window_days=window_days))
        return Looked(self.profiles.take(rows), self.came[rows], self.margin[rows])


def judged(fitted: Outlook, champion: Outlook | None, *, earlier: Looked, later: Looked) -> Judged:
    """Judge by the later day; the earlier one is what simpler ways learn from."""
    then, now = (each.counted(fitted.kind, window_days=fitted.window_days) for each in (earlier, later))
    scores = {THIS: fitted.scores(now.profiles)}
    if champion:
        scores[IN_USE] = _of(champion, now.profiles, window_days=fitted.window_days)
    return _churn(scores, then, now) if fitted.kind == CHURN else _lifetime(scores, then, now)


def _of(champion: Outlook, profiles: Profiles, *, window_days: int) -> NDArray[np.float32]:
    """Its scores; margin over another window in proportion to it, and 0 where it has nothing to say."""
    ahead = 1.0 if champion.kind == CHURN else window_days / champion.window_days
    return np.nan_to_num(champion.scores(profiles)) * np.float32(ahead)


def _churn(scores: dict[str, NDArray[np.floating]], then: Looked, now: Looked) -> Judged:
    left = ~now.came
    scores |= {BASE: _base(~then.came, len(left)), AGO: _by_recency(~then.came, then.profiles, now.profiles)}
    measures = (
        _measure(
            "AUC", "how often who left was thought likelier to than who stayed", "higher", scores, quality.auc, left
        ),
        _measure("Log loss", "how surprised it was by who left, on average", "lower", scores, quality.log_loss, left),
        _measure(
            "In the top tenth",
            "the share of those thought likeliest who left",
            "higher",
            scores,
            quality.top_share,
            left,
        ),
    )
    told = Quality(measures, calibration=_calibration(left, scores[THIS]))
    return Judged(
        told, _standing("gain in log loss over days since last purchase", SURER, quality.log_loss, left, scores, AGO)
    )


def _lifetime(scores: dict[str, NDArray[np.floating]], then: Looked, now: Looked) -> Judged:
    scores |= {BASE: _base(then.margin, len(now.margin)), BEFORE: _by_spend(then, now.profiles)}
    came = now.margin
    measures = (
        _measure("Squared error", "how far it was off, squared, on average", "lower", scores, quality.brier, came),
        _measure(
            "Of the top tenth",
            "the share of all margin that those thought best brought",
            "higher",
            scores,
            quality.captured,
            came,
        ),
    )
    told = Quality(measures, calibration=_calibration(came, scores[THIS]))
    return Judged(
        told,
        _standing("gain in squared error over spend of the last 90 days", NEARER, quality.brier, came, scores, BEFORE),
    )


def _measure(
    name: str, says: str, better: str, scores: Scores, figure: Callable[..., Estimate], came: NDArray
) -> Measure:
    def told(of: str) -> Figure:
        try:
            return Figure(of, figure(came, scores[of]))
        except NotMeasured as reason:
            return Figure(of, None, str(reason))

    return Measure(name, says, "number", better, tuple(told(of) for of in scores))


def _standing(
    figure: str, compared: str, loss: Callable[..., Estimate], came: NDArray, scores: Scores, simple: str
) -> Standing:
    """By how much less it loses than the simple way, and than the one in use."""
    counted = f"{len(came):,} members later"
    try:
        own = loss(came, scores[simple], over=scores[THIS])
        over = loss(came, scores[IN_USE], over=scores[THIS]) if IN_USE in scores else None
        champion = loss(came, scores[simple], over=scores[IN_USE]) if IN_USE in scores else None
    except NotMeasured as reason:
        return Standing(figure, compared, counted, unknown=str(reason))
    return Standing(figure, compared, counted, own, over, champion)


def _calibration(came: NDArray, predicted: NDArray[np.floating]) -> tuple[quality.Bin, ...]:
    try:
        return quality.calibration(came, predicted)
    except NotMeasured:
        return ()


def _base(came: NDArray, rows: int) -> NDArray[np.float32]:
    return Baseline.fit(everybody(len(came)), came, groups=1).scores(everybody(rows))


def _by_recency(came: NDArray, then: Profiles, now: Profiles) -> NDArray[np.float32]:
    return _by_tenth(np.asarray(then.column(RECENCY)), came, np.asarray(now.column(RECENCY)))


def _by_spend(then: Looked, now: Profiles) -> NDArray[np.float32]:
    before, lately = (np.nan_to_num(np.asarray(each.column(SPENT))) for each in (then.profiles, now))
    return _by_tenth(before, then.margin, lately)


def _by_tenth(before: Array, came: NDArray, now: Array) -> NDArray[np.float32]:
    """What came on average in each tenth by one number that everybody has."""
    edges = np.unique(np.quantile(before, np.arange(1, TENTHS) / TENTHS))
    groups: Sequence[NDArray] = [np.searchsorted(edges, each, side="right") for each in (before, now)]
    return Baseline.fit(groups[0], came, groups=len(edges) + 1).scores(groups[1])
