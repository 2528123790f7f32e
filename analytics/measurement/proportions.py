"""Intervals for shares of members (bought or not), from counts alone."""

from collections.abc import Callable
from math import exp, log, sqrt

from scipy.special import ndtr


def wilson(count: float, n: int, quantile: float) -> tuple[float, float]:
    """Score interval of one proportion (Wilson 1927); `quantile` of the normal, 1.96 for 95 %."""
    share, square = count / n, quantile * quantile
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = quantile * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(count: float, n: int, reference_count: float, reference_n: int, quantile: float) -> tuple[float, float]:
    """Hybrid score interval of a difference of independent proportions (Newcombe 1998, method 10)."""
    share, reference = count / n, reference_count / reference_n
    low, high = wilson(count, n, quantile)
    reference_low, reference_high = wilson(reference_count, reference_n, quantile)
    difference = share - reference
    return (
        difference - sqrt((share - low) ** 2 + (reference_high - reference) ** 2),
        difference + sqrt((high - share) ** 2 + (reference - reference_low) ** 2),
    )


def score_p(count: float, n: int, reference_count: float, reference_n: int) -> float:
    """Two-sided p of equal proportions, pooled score test; 1 when all or no members said yes in both arms."""
    pooled = (count + reference_count) / (n + reference_n)
    variance = pooled * (1 - pooled) * (1 / n + 1 / reference_n)
    if variance <= 0:
        return 1.0
    return float(2 * ndtr(-abs(count / n - reference_count / reference_n) / sqrt(variance)))


def error(count: float, n: int, reference_count: float, reference_n: int) -> float:
    """Standard error of a difference of independent proportions, each with its own variance (Wald)."""
    share, reference = count / n, reference_count / reference_n
    return sqrt(share * (1 - share) / n + reference * (1 - reference) / reference_n)


def koopman(
    count: float, n: int, reference_count: float, reference_n: int, quantile: float
) -> tuple[float, float] | None:
    """Score interval of the ratio of independent proportions (Koopman 1984); None when the reference count is 0."""
    if not reference_count:
        return None
    estimate = (count / n) / (reference_count / reference_n)

    def excess(log_ratio: float) -> float:
        return _ratio_statistic(exp(log_ratio), count, n, reference_count, reference_n) - quantile * quantile

    if not count:
        # Any start will do: the statistic is 0 at a ratio of 0 and grows from there.
        return 0.0, exp(_crossing(excess, -30.0, 1.0))
    start = log(estimate)
    return exp(_crossing(excess, start, -1.0)), exp(_crossing(excess, start, 1.0))


def _ratio_statistic(ratio: float, count: float, n: int, reference_count: float, reference_n: int) -> float:
    """Koopman's chi-square of "the true ratio is `ratio`", variances at the proportions most likely under it."""
    miss = count / n - ratio * reference_count / reference_n
    linear = reference_n + count + ratio * (n + reference_count)
    root = sqrt(max(0.0, linear * linear - 4 * ratio * (n + reference_n) * (count + reference_count)))
    reference = 2 * (count + reference_count) / (linear + root)
    share = min(1.0, ratio * reference)
    variance = share * (1 - share) / n + ratio * ratio * reference * (1 - reference) / reference_n
    return miss * miss / variance if variance > 0 else 0.0


def _crossing(excess: Callable[[float], float], start: float, step: float) -> float:
    """Where `excess`, negative at the start, becomes positive in the direction of `step`."""
    from scipy.optimize import brentq  # heavy, and only some reports come here

    far = start + step
    while excess(far) < 0:
        step *= 2
        far += step
    return float(brentq(excess, start, far, xtol=1e-13))
