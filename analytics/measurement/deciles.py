"""Whether those who were expected to gain the most did: the lift by tenths of what was predicted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.measurement import moments
from analytics.measurement.lift import LEVEL, Lift, NotMeasured, welch

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Decile:
    """Members whose prediction lies between `low` and `high`, both seen; NaN where ties left nobody here."""

    low: float
    high: float
    n: int
    lift: Lift | NotMeasured


def by_decile(
    predicted: ArrayLike, treated: NDArray[np.bool_], values: ArrayLike, *, level: float = LEVEL
) -> tuple[Decile, ...]:
    """Ten lifts, from the lowest predictions to the highest; members with the same prediction stay together.

    predicted (n,) as known before anything was sent, so that it is alike in both arms; treated (n,) bool; values (n,)
    outcomes. Members without a prediction (NaN) are in no tenth. Raises ValueError when the shapes differ.
    """
    score, outcome = np.asarray(predicted, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if not score.shape == outcome.shape == treated.shape:
        raise ValueError("Predictions, arms and values need one entry per member, in the same order.")
    known = ~np.isnan(score)
    score, outcome, treated = score[known], outcome[known], treated[known]
    tenth = _tenths(score)
    codes = np.where(treated, tenth, tenth + TENTHS)
    sums = moments.by_code(outcome, codes, 2 * TENTHS)
    return tuple(
        _decile(score[tenth == number], welch(sums[number], sums[number + TENTHS], level=level))
        for number in range(TENTHS)
    )


def _tenths(score: NDArray[np.float64]) -> NDArray[np.intp]:
    """(n,) 0 for the lowest tenth to 9; a tie goes with its lowest place."""
    if not score.size:
        return np.zeros(0, dtype=np.intp)
    place = np.searchsorted(np.sort(score), score, side="left")
    return place * TENTHS // score.size


def _decile(score: NDArray[np.float64], lift: Lift | NotMeasured) -> Decile:
    if not score.size:
        return Decile(np.nan, np.nan, 0, lift)
    return Decile(float(score.min()), float(score.max()), score.size, lift)
