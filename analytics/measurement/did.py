"""Difference-in-differences: for targeted campaigns, where those who were left out were different from the start."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.measurement import moments
from analytics.measurement.lift import LEVEL, Lift, NotMeasured, welch


def difference_in_differences(
    before: ArrayLike, after: ArrayLike, treated: NDArray[np.bool_], *, level: float = LEVEL
) -> Lift | NotMeasured:
    """Treated members' change minus the others' change, per member: (T1 - T0) - (C1 - C0).

    before, after (n,) totals of each member in two windows of the same length, zeros included; treated (n,) bool.
    The interval is Welch's on the members' own changes, so that lasting differences between members cancel. It
    assumes that both groups would have moved alike, and is no causal proof. There are no relative figures: a
    change may be 0, and nothing is a share of that. Raises ValueError when the shapes differ.
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if not first.shape == second.shape == treated.shape:
        raise ValueError("Before, after and treated need one entry per member, in the same order.")
    with np.errstate(all="ignore"):
        change = second - first
    lift = welch(moments.of(change[treated]), moments.of(change[~treated]), level=level)
    if isinstance(lift, NotMeasured):
        return lift
    return replace(lift, relative=None, relative_low=None, relative_high=None)
