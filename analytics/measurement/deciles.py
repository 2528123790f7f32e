"""Whether those who were expected to gain the most did: the lift by tenths of what was predicted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.measurement.cells import Crossed, tally
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
    tenth = tenths(score)
    cuts = Crossed(((treated.astype(np.int8), 2), (tenth, TENTHS)))
    sums = tally([outcome], None, cuts, cuts.count)
    return tuple(
        _decile(
            score[tenth == number],
            welch(sums.moments(0, number + TENTHS), sums.moments(0, number), level=level),
        )
        for number in range(TENTHS)
    )


def tenths(predicted: NDArray[np.float64]) -> NDArray[np.int8]:
    """(n,) 0 for the lowest tenth of the predictions to 9, -1 without one; members with the same stay together, in the
    tenth where the first of them is."""
    known = predicted[~np.isnan(predicted)]
    if not known.size:
        return np.full(predicted.shape, -1, dtype=np.int8)
    # A tenth begins above so many members: who is above none of these is in the first.
    below = -(-np.arange(1, TENTHS) * known.size // TENTHS) - 1
    starts = np.partition(known, below)[below]
    return np.where(np.isnan(predicted), -1, np.searchsorted(starts, predicted, side="left")).astype(np.int8)


def _decile(score: NDArray[np.float64], lift: Lift | NotMeasured) -> Decile:
    if not score.size:
        return Decile(np.nan, np.nan, 0, lift)
    return Decile(float(score.min()), float(score.max()), score.size, lift)
