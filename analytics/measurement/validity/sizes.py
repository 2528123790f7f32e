"""Whether a comparison may be believed before anyone looks at it: did the arms come out in the planned sizes?"""

from collections.abc import Sequence

import numpy as np
from scipy.special import chdtrc

from analytics.measurement.lift import NotMeasured

# A lower p is a broken assignment or lost records rather than chance, and hides the lift.
SAMPLE_RATIO_LIMIT = 0.001
# Below this the chi-square distribution is a poor stand-in for the counts' own (Cochran 1954).
LEAST_EXPECTED = 5.0


def sample_ratio(counts: Sequence[float], shares: Sequence[float]) -> float | NotMeasured:
    """p of Pearson's chi-square that the arms' member counts came from the planned shares.

    counts (arms,) members found, shares (arms,) as planned, in any scale. Members in an arm that was planned to
    have none make p 0. Raises ValueError when the lengths differ.
    """
    found, planned = np.asarray(counts, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    if found.shape != planned.shape or found.ndim != 1:
        raise ValueError("The sample ratio needs one planned share per arm.")
    if not (np.isfinite(found).all() and np.isfinite(planned).all() and (found >= 0).all() and (planned >= 0).all()):
        return NotMeasured("Counts and planned shares must be known and not negative.")
    if found[planned == 0].any():
        return 0.0
    return _chi_square(found[planned > 0], planned[planned > 0])


def is_mismatch(p: float | NotMeasured) -> bool:
    """Whether the lift must be hidden. A ratio that could not be measured hides nothing; say that it is unknown."""
    return not isinstance(p, NotMeasured) and p < SAMPLE_RATIO_LIMIT


def _chi_square(found: np.ndarray, planned: np.ndarray) -> float | NotMeasured:
    if found.size < 2:
        return NotMeasured("There is only one arm, so there is no ratio to check.")
    expected = found.sum() * (planned / planned.sum())
    if expected.min() < LEAST_EXPECTED:
        return NotMeasured("Too few members to check the sizes of the arms; each needs to expect at least 5.")
    return float(chdtrc(found.size - 1, ((found - expected) ** 2 / expected).sum()))
