"""What a member bought per department in the last 30, 90 and 365 days. Lines without a department take no part."""

from dataclasses import dataclass

import numpy as np

from loyalty.profiling import windows
from loyalty.profiling.records import Lines

DAYS = (30, 90, 365)
MOST = 12  # departments that are told apart in windows


@dataclass(frozen=True, eq=False)
class Bought:
    """(3, departments, members) float64 each, per window: net spend in ten-thousandths, and lines bought.

    `all_lines` (members,) counts those of the longest window, with and without a department.
    """

    net_e4: np.ndarray
    lines: np.ndarray
    all_lines: np.ndarray


def bought(lines: Lines, *, members: int, departments: int, on_day: int) -> Bought:
    """Spend net of returns, and how many lines were paid for, in each window of `DAYS` before the day."""
    shape = (len(DAYS) + 1, departments + 1, members)
    in_band = windows.band(on_day - lines.day, DAYS, step=shape[1])
    cell = (in_band + lines.department + 1) * members + lines.member
    net, count = (
        windows.within(np.bincount(cell, weights=weights, minlength=np.prod(shape)).reshape(shape)[: len(DAYS)])
        for weights in (lines.net_e4, lines.net_e4 > 0)
    )
    return Bought(net[:, 1:], count[:, 1:], count[-1].sum(axis=0))


def foremost(lines: np.ndarray) -> list[int]:
    """The `MOST` departments with most lines, as ascending codes; `lines` is (departments,)."""
    return sorted(np.argsort(-lines, kind="stable")[:MOST].tolist())
