"""Ratios of sums, with the member as the unit: margin per spend, items per basket, clicks per message."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.measurement import moments
from analytics.measurement.cuped import Adjusted, with_relative
from analytics.measurement.lift import LEVEL, Lift, NotMeasured, compare, too_little, welch
from analytics.measurement.moments import Paired, Ratio


@dataclass(frozen=True, slots=True)
class PairedRatio:
    """Sums of a numerator and a denominator per member, now and before, and of the products of now with before.

    `m_m` is of both numerators, `d_d` of both denominators, `m_d` of the numerator now and the denominator before.
    """

    outcome: Ratio
    before: Ratio
    m_m: float
    d_d: float
    m_d: float
    d_m: float

    @property
    def linear(self) -> Paired:
        """Sums of what each member adds to the ratio: R + (m - R d)/D, now and before (delta method).

        D is the mean denominator. Their means are the ratios, and their variances what the ratios' errors come from.
        """
        n, now, then = self.outcome.n, self.outcome, self.before
        products = self.m_m - then.mean * self.m_d - now.mean * self.d_m + now.mean * then.mean * self.d_d
        cross = products * n / now.d * n / then.d
        return Paired(
            n=n,
            total=n * now.mean,
            total_sq=(n - 1) * now.variance + n * now.mean * now.mean,
            before_total=n * then.mean,
            before_total_sq=(n - 1) * then.variance + n * then.mean * then.mean,
            cross=cross + n * now.mean * then.mean,
        )

    def __add__(self, other: "PairedRatio") -> "PairedRatio":
        return PairedRatio(
            self.outcome + other.outcome,
            self.before + other.before,
            self.m_m + other.m_m,
            self.d_d + other.d_d,
            self.m_d + other.m_d,
            self.d_m + other.d_m,
        )


def paired_ratio(
    numerator: ArrayLike, denominator: ArrayLike, numerator_before: ArrayLike, denominator_before: ArrayLike
) -> PairedRatio:
    """Sums of four (n,) values of the same members; raises ValueError when the shapes differ."""
    columns = numerator, denominator, numerator_before, denominator_before
    m, d, m_before, d_before = (np.asarray(each, dtype=np.float64) for each in columns)
    return PairedRatio(
        outcome=moments.ratio(m, d),
        before=moments.ratio(m_before, d_before),
        m_m=moments.paired(m, m_before).cross,
        d_d=moments.paired(d, d_before).cross,
        m_d=moments.paired(m, d_before).cross,
        d_m=moments.paired(d, m_before).cross,
    )


def ratio_lift(treated: Ratio, reference: Ratio, *, level: float = LEVEL) -> Lift | NotMeasured:
    """Difference of two ratios of sums, each with the delta method's variance, as Welch compares means.

    NotMeasured below two members in an arm, with unknown values, or where an arm's denominator is not clearly away
    from 0: then the ratio says nothing.
    """
    reason = too_little(treated, reference) or _nothing_below(treated, reference)
    return NotMeasured(reason) if reason else compare(treated, reference, level=level)


def cuped(treated: PairedRatio, reference: PairedRatio, *, level: float = LEVEL) -> Adjusted | NotMeasured:
    """As `ratio_lift`, less theta times the difference of the ratios before, as GrowthBook's statistics have it.

    theta = Σ cov / Σ var over both arms, of what each member adds to the ratio now and before. NotMeasured too where a
    denominator before is not clearly away from 0.
    """
    reason = (
        too_little(treated.outcome, reference.outcome)
        or too_little(treated.before, reference.before)
        or _nothing_below(treated.outcome, reference.outcome)
        or _nothing_below(treated.before, reference.before)
    )
    if reason:
        return NotMeasured(reason)
    arms = treated.linear, reference.linear
    before, now = sum(arm.before.variance for arm in arms), sum(arm.outcome.variance for arm in arms)
    covariance = sum(arm.covariance for arm in arms)
    theta = covariance / before if before > 0 else 0.0
    lift = welch(arms[0].less(theta), arms[1].less(theta), level=level)
    if isinstance(lift, NotMeasured):
        return lift
    lift = with_relative(lift, *arms, theta, from_adjusted=True)
    return Adjusted(lift, theta, covariance * theta / now if now > 0 else 0.0)


def _nothing_below(treated: Ratio, reference: Ratio) -> str:
    for arm, name in ((treated, "The treated arm"), (reference, "The arm it is compared with")):
        if arm.below.mean_is_near_zero or not arm.d * arm.d:
            return f"{name} has next to nothing to divide by; go by the figures per member."
    return ""
