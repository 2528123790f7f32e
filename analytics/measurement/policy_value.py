"""What another way to choose offers would have brought, told from decisions whose chances were written down."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from analytics.measurement.lift import LEVEL, NotMeasured, upper_tail

LEAST_EFFECTIVE, LEAST_EFFECTIVE_SHARE, LARGEST_WEIGHT = 1000.0, 0.01, 100.0
# Weights average 1 where the chances that were written down are those that were taken.
NEAR_ONE_ERRORS = 4.0


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """Mean reward per decision under another policy, by importance sampling (`ips`), self-normalised (`snips`, the
    headline, with its interval) and, where predictions are given, by the model alone (`dm`) and doubly robust (`dr`).

    `effective` is the number of decisions they are worth; `mean_weight` should be near 1.
    """

    ips: float
    snips: float
    low: float
    high: float
    dm: float | None
    dr: float | None
    effective: float
    mean_weight: float
    largest_weight: float


def evaluate(
    reward: ArrayLike,
    logged: ArrayLike,
    target: ArrayLike,
    *,
    predicted_logged: ArrayLike | None = None,
    predicted_target: ArrayLike | None = None,
    most: float = np.inf,
    level: float = LEVEL,
) -> PolicyValue:
    """The estimates, whatever they are worth (Horvitz, Thompson 1952; Swaminathan, Joachims 2015; Dudík and others
    2011).

    (n,) each: reward seen; the chance with which the decision was taken; the chance with which the other policy would
    take it; and, both or none, the reward predicted of the decision taken and of the other policy's choice. Weights
    target / logged above `most` are cut to it, which is to be said with the result. Raises ValueError when the shapes
    differ, or for a chance outside 0..1, a logged one of 0 included.
    """
    seen, weight = np.asarray(reward, dtype=np.float64), _weights(logged, target)
    if seen.shape != weight.shape or not seen.size:
        raise ValueError("Every decision needs its reward, the chance it was taken with, and the other policy's.")
    largest = float(weight.max())
    weight = np.minimum(weight, most)
    snips = float((weight * seen).sum() / weight.sum()) if weight.any() else np.nan
    half = float(ndtri(upper_tail(level))) * _error(seen, weight, snips)
    dm, dr = _modelled(seen, weight, predicted_logged, predicted_target)
    return PolicyValue(
        ips=float((weight * seen).mean()),
        snips=snips,
        low=snips - half,
        high=snips + half,
        dm=dm,
        dr=dr,
        effective=float(weight.sum() ** 2 / (weight * weight).sum()) if weight.any() else 0.0,
        mean_weight=float(weight.mean()),
        largest_weight=largest,
    )


def policy_value(
    reward: ArrayLike,
    logged: ArrayLike,
    target: ArrayLike,
    *,
    predicted_logged: ArrayLike | None = None,
    predicted_target: ArrayLike | None = None,
    most: float = np.inf,
    level: float = LEVEL,
) -> PolicyValue | NotMeasured:
    """As `evaluate`, or why nothing is to be concluded: policies have too little in common, or chances are wrong."""
    value = evaluate(
        reward,
        logged,
        target,
        predicted_logged=predicted_logged,
        predicted_target=predicted_target,
        most=most,
        level=level,
    )
    reason = _too_far(value, np.asarray(reward).size, most) or _wrong_chances(_weights(logged, target))
    return NotMeasured(reason) if reason else value


def _weights(logged: ArrayLike, target: ArrayLike) -> NDArray[np.float64]:
    taken, wanted = np.asarray(logged, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if taken.shape != wanted.shape or taken.ndim != 1:
        raise ValueError("Every decision needs the chance it was taken with, and the other policy's.")
    if not ((taken > 0).all() and (taken <= 1).all() and (wanted >= 0).all() and (wanted <= 1).all()):
        raise ValueError("Chances lie between 0 and 1, and what was done had a chance above 0.")
    return wanted / taken


def _error(reward: NDArray[np.float64], weight: NDArray[np.float64], snips: float) -> float:
    """Of a ratio of means, by the delta method."""
    return (
        sqrt(float((weight * weight * (reward - snips) ** 2).sum())) / float(weight.sum()) if weight.any() else np.nan
    )


def _modelled(
    reward: NDArray[np.float64], weight: NDArray[np.float64], logged: ArrayLike | None, target: ArrayLike | None
) -> tuple[float, float] | tuple[None, None]:
    if logged is None or target is None:
        return None, None
    of_taken, of_wanted = np.asarray(logged, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if not of_taken.shape == of_wanted.shape == reward.shape:
        raise ValueError("Every decision needs a prediction of what was done and of what the other policy would do.")
    return float(of_wanted.mean()), float((of_wanted + weight * (reward - of_taken)).mean())


def _too_far(value: PolicyValue, decisions: int, most: float) -> str:
    if value.effective < LEAST_EFFECTIVE or value.effective < LEAST_EFFECTIVE_SHARE * decisions:
        return (
            f"The policies agree on too few decisions: {decisions:,} are worth {value.effective:,.0f}, and at least "
            f"{LEAST_EFFECTIVE:,.0f} and {LEAST_EFFECTIVE_SHARE:.0%} are needed. Decide more of them by chance."
        )
    if min(value.largest_weight, most) > LARGEST_WEIGHT:
        return (
            f"One decision would count {value.largest_weight:,.0f} times; say at how much weights are cut, at most "
            f"{LARGEST_WEIGHT:.0f}, and show that with the result."
        )
    return ""


def _wrong_chances(weight: NDArray[np.float64]) -> str:
    error = float(weight.std()) / sqrt(weight.size)
    if abs(weight.mean() - 1) <= NEAR_ONE_ERRORS * error:
        return ""
    return (
        f"Weights average {weight.mean():.2f} instead of 1, so the chances that were written down are not those that "
        "decisions were taken with. Mend how they are logged before anything is concluded from them."
    )
