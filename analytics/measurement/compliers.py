"""The effect on those who were actually reached, told from the effect of meaning to reach them."""

from math import sqrt
from typing import Protocol

from scipy.special import ndtr, ndtri

from analytics.measurement.lift import LEVEL, Lift, NotMeasured, upper_tail
from analytics.measurement.moments import Paired

# A difference in reach of fewer standard errors than this is a weak instrument (an F below 10: Staiger, Stock 1997).
LEAST_F = 10.0


class Effect(Protocol):
    """The effect of being meant to be reached, per member, and its standard error: a `Lift`, say."""

    @property
    def estimate(self) -> float: ...
    @property
    def error(self) -> float: ...


def cace(
    itt: Effect,
    reached_treated: tuple[float, int],
    reached_reference: tuple[float, int],
    *,
    covariance: float = 0.0,
    level: float = LEVEL,
) -> Lift | NotMeasured:
    """Complier average causal effect: ITT / (share reached of treated - share reached of reference), the error by the
    delta method (Wald 1940; Imbens, Rubin 1997).

    The pairs are members reached and members in the arm. `covariance` is that of the ITT's estimate with the difference
    in reach, see `covariance` below; 0 gives a slightly wider interval where reached members do better. There are no
    relative figures, as what compliers would have done is not seen. NotMeasured where hardly more of the treated were
    reached.
    """
    if min(reached_treated[1], reached_reference[1]) < 2:
        return NotMeasured("Too few members in an arm; a comparison needs at least 2 in each.")
    reach, squared_error = _reach(reached_treated, reached_reference)
    if reach <= 0 or reach * reach < LEAST_F * squared_error:
        return NotMeasured("Hardly more of the treated were reached than of the others: there is nobody to tell it of.")
    estimate = itt.estimate / reach
    variance = itt.error**2 + estimate**2 * squared_error - 2 * estimate * covariance
    error = sqrt(max(0.0, variance)) / reach
    if not error > 0:
        return NotMeasured("Without any spread no interval can be given.")
    half = float(ndtri(upper_tail(level))) * error
    return Lift(
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        p=float(2 * ndtr(-abs(estimate) / error)),
        relative=None,
        relative_low=None,
        relative_high=None,
        df=None,
        error=error,
    )


def covariance(treated: Paired, reference: Paired) -> float:
    """Of the difference in outcome with the difference in reach; sums of outcome and of reached (0 or 1) per member."""
    return treated.covariance / treated.n + reference.covariance / reference.n


def _reach(treated: tuple[float, int], reference: tuple[float, int]) -> tuple[float, float]:
    """Difference of the shares reached, and the square of its standard error."""
    (yes, n), (reference_yes, reference_n) = treated, reference
    share, usual = yes / n, reference_yes / reference_n
    return share - usual, share * (1 - share) / n + usual * (1 - usual) / reference_n
