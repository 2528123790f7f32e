"""Whether scores mean what they say: rows in bins of equal size by score, what was predicted there and what came."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from campaigns.scoring.intervals import LEVEL, Array, Estimate, wilson
from campaigns.scoring.qini import Decided
from campaigns.scoring.ranking import ranked

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Of the rows in a bin: how many, the mean score, and the mean outcome; None where the rows cannot tell."""

    rows: int
    predicted: float
    observed: Estimate | None


def calibration(
    outcome: NDArray, predicted: NDArray[np.floating], *, bins: int = BINS, level: float = LEVEL
) -> tuple[Bin, ...]:
    """The bins, lowest scores first, of (n,) outcomes and what was predicted for them in the same unit.

    Shares of yes and no get Wilson's interval, amounts the normal one of a mean.
    """
    place = binned(predicted, bins)
    rows = np.bincount(place, minlength=bins).astype(np.float64)
    observed = Outcomes.of(np.asarray(outcome, dtype=np.float64), np.ones(len(place)), place, bins)
    yes_or_no = bool(np.isin(outcome, (0, 1)).all())
    with np.errstate(invalid="ignore", divide="ignore"):
        ends = wilson(observed.mean * rows, rows, level=level) if yes_or_no else observed.normal(level)
    return _told(rows, place, predicted, observed.mean, *ends)


def uplift(decided: Decided, score: NDArray[np.floating], *, bins: int = BINS, level: float = LEVEL) -> tuple[Bin, ...]:
    """What treatment changed in each bin, lowest scores first, beside the mean score there.

    Treated less control, each weighted by one over the probability of what happened to it (Hájek, 1971), with a
    normal interval.
    """
    place = binned(score, bins)
    rows = np.bincount(place, minlength=bins).astype(np.float64)
    treated, control = (
        Outcomes.of(decided.outcome, np.where(of, decided.weight, 0.0), place, bins)
        for of in (decided.treated, ~decided.treated)
    )
    difference = Outcomes(treated.mean - control.mean, treated.variance + control.variance)
    return _told(rows, place, score, difference.mean, *difference.normal(level))


def binned(score: NDArray[np.floating], bins: int) -> NDArray[np.intp]:
    """(n,): each row's bin, 0 for the lowest scores; equal scores share a bin, which may leave others empty."""
    ranking = ranked(score)
    return (bins - 1 - np.floor(ranking.middle() * bins).astype(np.intp))[ranking.group]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The mean outcome of each bin, (bins,), and its variance; not a number where fewer than two rows tell of it."""

    mean: Array
    variance: Array

    @classmethod
    def of(cls, outcome: Array, weight: Array, place: NDArray[np.intp], bins: int) -> "Outcomes":
        """Weighted means of (n,) outcomes; the variance is that of a ratio of sums."""
        total, told = (np.bincount(place, weights=each, minlength=bins) for each in (weight, weight > 0))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.bincount(place, weights=weight * outcome, minlength=bins) / total
            apart = np.bincount(place, weights=(weight * (outcome - mean[place])) ** 2, minlength=bins)
            spare = np.where(told > 1, told / (told - 1), np.nan)
            return cls(mean, apart / total**2 * spare)

    def normal(self, level: float) -> tuple[Array, Array]:
        half = float(ndtri((1 + level) / 2)) * np.sqrt(self.variance)
        return self.mean - half, self.mean + half


def _told(
    rows: Array, place: NDArray[np.intp], score: NDArray[np.floating], mean: Array, low: Array, high: Array
) -> tuple[Bin, ...]:
    predicted = np.bincount(place, weights=score, minlength=len(rows)) / np.maximum(rows, 1)
    known = np.isfinite(mean) & np.isfinite(low)
    return tuple(
        Bin(int(rows[each]), float(predicted[each]), Estimate(*map(float, ends)) if known[each] else None)
        for each, ends in enumerate(zip(mean, low, high, strict=True))
        if rows[each]
    )
