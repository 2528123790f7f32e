"""What lies how far back: sums per member over the last 30, 90, 180 and 365 days, and over all time.

A window ends with the day before the day asked about, so the youngest age is 1 day.
"""

from dataclasses import dataclass

import numpy as np

DAYS = (30, 90, 180, 365)
MONTH, QUARTER, HALF, YEAR, EVER = range(len(DAYS) + 1)


@dataclass(frozen=True, eq=False)
class Windows:
    """Where each of b things counts: `cell` is (b,), by the band of its age and then by its member."""

    cell: np.ndarray
    members: int

    def sums(self, amounts: np.ndarray) -> np.ndarray:
        """(5, members) float64 sums of (b,) whole amounts, per window of `DAYS` and for ever."""
        shape = (len(DAYS) + 1, self.members)
        return within(np.bincount(self.cell, weights=amounts, minlength=shape[0] * shape[1]).reshape(shape))


def windows(member: np.ndarray, age_days: np.ndarray, *, members: int) -> Windows:
    return Windows(band(age_days, DAYS, step=members) + member, members)


def band(age_days: np.ndarray, ends: tuple[int, ...], *, step: int = 1) -> np.ndarray:
    """Which of the bands that end after so many days each age is in, times `step`; the last has no end."""
    by_age = np.searchsorted(ends, np.arange(int(age_days.max(initial=0)) + 1)) * step
    return np.asarray(by_age[age_days])


def within(bands: np.ndarray) -> np.ndarray:
    """From what lies in each band, the first axis, to what lies in it or nearer; in place."""
    for number in range(1, len(bands)):
        bands[number] += bands[number - 1]
    return bands
