"""Recency, frequency and monetary scores and their named cells (Hughes, Strategic Database Marketing, 1994)."""

from collections.abc import Sequence

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


def scores(values: np.ndarray, *, shares: Sequence[float] = QUINTILES, low_is_best: bool = False) -> np.ndarray:
    """Score (n,) values 1, 2, … by the quantiles at `shares` of those known; (n,) float32, NaN where unknown.

    A value scores one more than the number of cut points it exceeds, as in pandas' `qcut`: equal values get equal
    scores, so with many ties some scores may not occur. With `low_is_best` the lowest value gets the highest score.
    """
    known = ~np.isnan(values)
    scored = np.full(len(values), np.nan, dtype=np.float32)
    if not known.any():
        return scored
    cuts = np.quantile(values[known], shares)
    exceeded = np.searchsorted(cuts, values[known], side="left")
    scored[known] = len(cuts) + 1 - exceeded if low_is_best else 1 + exceeded
    return scored


def cells(recency: np.ndarray, frequency: np.ndarray, monetary: np.ndarray) -> np.ndarray:
    """The cell of each member by scores 1..5: (n,) int8 codes into `CELL_NAMES`, -1 where there is no score.

    The grid is recency against value, which is the mean of frequency and monetary score, halves rounded up.
    """
    grid = np.array([[CELL_NAMES.index(name) for name in row] for row in GRID], dtype=np.int8)
    known = ~np.isnan(recency + frequency + monetary)
    value = np.floor((frequency[known] + monetary[known] + 1) / 2)
    codes = np.full(len(recency), -1, dtype=np.int8)
    codes[known] = grid[recency[known].astype(int) - 1, value.astype(int) - 1]
    return codes
