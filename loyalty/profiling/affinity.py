"""How much more of a member's spend goes to a department than of everybody's, recent purchases counting more.

A purchase counts half as much for every `HALF_LIFE_DAYS` of age. Weights are whole numbers (65,536 for a new
purchase, never under 1) and amounts are whole ten-thousandths, so sums in float64 are exact up to 13 million currency
units per member and department, and no order of the lines can change a byte. Lines without a department take no part.
"""

import numpy as np

from loyalty.profiling.growing import ranges
from loyalty.profiling.records import Lines

HALF_LIFE_DAYS = 90
FULL_WEIGHT = 1 << 16


def weighted_spend(lines: Lines, *, members: int, departments: int, on_day: int) -> np.ndarray:
    """Recency-weighted net spend, (members, departments) float64 in weighted ten-thousandths, never negative.

    Where returns outweigh purchases the spend is 0.
    """
    age = on_day - lines.day
    cell = lines.member.astype(np.intp) * (departments + 1) + lines.department + 1  # an unknown one is the first
    weights = _weights(int(age.max(initial=0)))[age] * lines.net_e4
    spend = np.bincount(cell, weights=weights, minlength=members * (departments + 1))
    return np.maximum(spend.reshape(members, departments + 1)[:, 1:], 0)


def everybodys(spend: np.ndarray) -> np.ndarray:
    """What everybody together spends per department, (d,) float64; `spend` is (n, d)."""
    everybody = np.zeros(spend.shape[1])
    for rows in ranges(len(spend)):
        everybody += spend[rows].sum(axis=0)
    return everybody


def affinities(spend: np.ndarray, everybody: np.ndarray) -> np.ndarray:
    """Each member's share of spend per department over the population's share; (n, d) float32, 1 is average.

    NaN for a member without spend in any department, and for a department where nobody spends anything.
    """
    own = spend.sum(axis=1, keepdims=True)
    return _over(_over(spend, own), _over(everybody, everybody.sum())).astype(np.float32)


def top_departments(spend: np.ndarray) -> np.ndarray:
    """Where each member spends most, by weighted spend; (n,) codes, -1 without any, the first in order on a tie."""
    if not spend.shape[1]:
        return np.full(len(spend), -1)
    return np.where(spend.max(axis=1, initial=0) > 0, spend.argmax(axis=1), -1)


def _weights(oldest_days: int) -> np.ndarray:
    ages = np.arange(oldest_days + 1)
    return np.maximum(1, np.rint(FULL_WEIGHT * 0.5 ** (ages / HALF_LIFE_DAYS))).astype(np.int64)


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The ratio, NaN where the whole is not positive."""
    ratio = np.full(part.shape, np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio
