"""Recency, frequency and monetary scores and their named cells (Hughes, Strategic Database Marketing, 1994).

Scores are fifths of the members, and cells have the names of `GRID`, unless a retailer's own scheme says otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

QUINTILES = (0.2, 0.4, 0.6, 0.8)

# One row per recency score from 1 to 5, one column per value score from 1 to 5.
GRID = (
    ("Hibernating", "Hibernating", "At risk", "At risk", "Must not lose"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "Must not lose"),
    ("About to sleep", "About to sleep", "Needs attention", "Loyal", "Loyal"),
    ("Promising", "Could be loyal", "Could be loyal", "Loyal", "Loyal"),
    ("Newcomer", "Could be loyal", "Could be loyal", "Champion", "Champion"),
)
CELL_NAMES = (
    "Champion",
    "Loyal",
    "Could be loyal",
    "Newcomer",
    "Promising",
    "Needs attention",
    "About to sleep",
    "At risk",
    "Must not lose",
    "Hibernating",
)


MEASURES = ("recency_days", "baskets_365", "spend_365")
NAMES = "names"
LONGEST_NAME = 40


class RfmError(ValueError):
    """A scheme that makes no sense, with one sentence that says what is wrong and what to write instead."""


@dataclass(frozen=True)
class Scheme:
    """Four ascending cut points per measure, by fifths of the members where there are none, and the names of cells.

    `grid` is laid out as `GRID`, and `names` lists each of its names once.
    """

    cuts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    grid: tuple[tuple[str, ...], ...] = GRID

    @property
    def names(self) -> tuple[str, ...]:
        return CELL_NAMES if self.grid == GRID else tuple(dict.fromkeys(name for row in self.grid for name in row))


USUAL = Scheme()


def scheme(told: object) -> Scheme:
    """A scheme as a retailer writes it: cut points by measure, and `names`, five lists of five, least recent first.

    RfmError where something in it makes no sense.
    """
    if not isinstance(told, Mapping):
        raise RfmError(f"RFM is told by {told}: give cut points and names by name, or nothing.")
    for name in told.keys() - {*MEASURES, NAMES}:
        raise RfmError(f"RFM knows no {name}: give cut points for {', '.join(MEASURES)}, and {NAMES} for the cells.")
    cuts = {name: _cuts(name, told[name]) for name in MEASURES if name in told}
    return Scheme(cuts, _grid(told[NAMES]) if NAMES in told else GRID)


def _cuts(name: str, told: object) -> tuple[float, ...]:
    points = tuple(told) if isinstance(told, list | tuple) else ()
    numbers = [point for point in points if isinstance(point, int | float) and not isinstance(point, bool)]
    if len(points) != len(QUINTILES) or len(numbers) != len(points):
        raise RfmError(f"The cut points of {name} are {told}: give four numbers, such as [7, 30, 90, 180].")
    if not all(low < high for low, high in pairwise(numbers)):
        raise RfmError(f"The cut points of {name} are {told}: each must be higher than the one before.")
    return tuple(map(float, numbers))


def _grid(told: object) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(row) for row in told if isinstance(row, list | tuple)] if isinstance(told, list | tuple) else []
    if [len(row) for row in rows] != [len(row) for row in GRID]:
        raise RfmError("The names of RFM cells must be five lists of five: one per recency score, least recent first.")
    for name in (name for row in rows for name in row):
        if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
            raise RfmError(f"{name!r} cannot name an RFM cell: give a text of at most {LONGEST_NAME} letters.")
    return tuple(rows)


def scores(values: np.ndarray, *, cuts: Sequence[float] | None = None, low_is_best: bool = False) -> np.ndarray:
    """Score (n,) values 1..5 by four cut points, by default fifths of those known; (n,) float32, NaN where unknown.

    A value scores one more than the number of cut points it exceeds, as in pandas' `qcut`: equal values get equal
    scores, so with many ties some scores may not occur. With `low_is_best` the lowest value gets the highest score.
    """
    known = ~np.isnan(values)
    scored = np.full(len(values), np.nan, dtype=np.float32)
    if not known.any():
        return scored
    cuts = np.quantile(values[known], QUINTILES) if cuts is None else cuts
    exceeded = np.searchsorted(cuts, values[known], side="left")
    scored[known] = len(cuts) + 1 - exceeded if low_is_best else 1 + exceeded
    return scored


def cells(recency: np.ndarray, frequency: np.ndarray, monetary: np.ndarray, *, of: Scheme = USUAL) -> np.ndarray:
    """The cell of each member by scores 1..5: (n,) int8 codes into the scheme's names, -1 where there is no score.

    The grid is recency against value, which is the mean of frequency and monetary score, halves rounded up.
    """
    grid = np.array([[of.names.index(name) for name in row] for row in of.grid], dtype=np.int8)
    known = ~np.isnan(recency + frequency + monetary)
    value = np.floor((frequency[known] + monetary[known] + 1) / 2)
    codes = np.full(len(recency), -1, dtype=np.int8)
    codes[known] = grid[recency[known].astype(int) - 1, value.astype(int) - 1]
    return codes
