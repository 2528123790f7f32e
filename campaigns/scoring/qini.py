"""Qini: what is gained by offering to those with the highest scores rather than to as many others.

The rows are past decisions that chance took with known probabilities. Each counts one over the probability of what
happened to it, so that treated and not treated stand for the same members. Of the best k rows,

    Q(k) = (Yt(k) − Yc(k) · Nt(k) / Nc(k)) / n

with Y the sums of the outcome and N of the weights, among the treated and those in control (Radcliffe, 2007, Direct
Marketing Analytics Journal); where all probabilities are p, n · p · Q(k) is the curve in numbers of treated. The Qini
coefficient is the area between Q and the straight line to its end, over the share of rows that are offered: in units
of the outcome per row, 0 for an order that says nothing, below 0 for one that is worse. It is not divided by the area
of a perfect order, which outcomes in money do not have.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.intervals import Array, Influence, NotMeasured
from campaigns.scoring.ranking import Ranking, ranked


@dataclass(frozen=True, eq=False)
class Decided:
    """n past decisions: the outcome in any unit, whether treated, and the probability with which chance would treat.

    ValueError where a probability is not between 0 and 1 or an outcome is unknown; NotMeasured without both arms.
    """

    outcome: Array
    treated: NDArray[np.bool_]
    probability: Array

    def __post_init__(self) -> None:
        if not np.isfinite(self.outcome).all():
            raise ValueError(
                "Some outcomes are unknown or infinite: leave out decisions whose outcome is not known yet."
            )
        if not ((self.probability > 0) & (self.probability < 1)).all():
            raise ValueError("Chance decides only where the probability of being treated lies between 0 and 1.")
        if self.treated.all() or not self.treated.any():
            raise NotMeasured("A comparison needs both treated and held-out members.")

    @property
    def weight(self) -> Array:
        """One over the probability of what happened."""
        return 1 / np.where(self.treated, self.probability, 1 - self.probability)


@dataclass(frozen=True, eq=False)
class Curve:
    """Over g groups of equal score, the highest first, and a 0 before them: (g + 1,) each.

    `share` of rows, `gain` is Q, `weight_ratio` is Nt / Nc, `usual` the mean outcome in control; 0 where nobody in
    control was met yet.
    """

    share: Array
    gain: Array
    weight_ratio: Array
    usual: Array

    @property
    def area(self) -> float:
        """Between the gain and the straight line to its end."""
        return float(np.trapezoid(self.gain, self.share) - self.gain[-1] / 2)


def curve(decided: Decided, ranking: Ranking) -> Curve:
    weight = decided.weight
    of_treated, of_control = np.where(decided.treated, weight, 0.0), np.where(decided.treated, 0.0, weight)
    nt, nc = _running(ranking, of_treated), _running(ranking, of_control)
    yt, yc = _running(ranking, of_treated * decided.outcome), _running(ranking, of_control * decided.outcome)
    met = np.where(nc > 0, nc, np.inf)
    rows = len(weight)
    share = np.concatenate([[0], np.cumsum(ranking.rows)]) / rows
    return Curve(share, (yt - yc * nt / met) / rows, nt / met, yc / met)


def coefficient(decided: Decided, score: NDArray[np.floating]) -> Influence:
    """The Qini coefficient of (n,) scores, and each row's influence: by its outcome and by its place in the order.

    Outcomes are counted from the usual one in control, which matters only until the first of control is met.

    The coefficient is linear in the gains, and these are sums and ratios of sums: their derivatives, added up from
    each row's group to the last. What it estimates is the Qini rank-weighted effect of Yadlowsky and others (2021,
    arXiv 2111.07966), whose theory covers ranks that are found in the same rows.
    """
    ranking = ranked(score)
    decided = replace(decided, outcome=decided.outcome - curve(decided, ranking).usual[-1])
    found = curve(decided, ranking)
    part = _area_per_gain(found.share)
    by_treated = _onwards(part), _onwards(part * found.usual)
    by_control = _onwards(part * found.weight_ratio), _onwards(part * found.weight_ratio * found.usual)
    slope, level = (
        np.where(decided.treated, treated[ranking.group], -control[ranking.group])
        for treated, control in zip(by_treated, by_control, strict=True)
    )
    by_outcome = decided.weight * (decided.outcome * slope - level)
    by_place = (found.gain[1:] + found.gain[:-1])[ranking.group] / 2
    return Influence(found.area, by_outcome + by_place)


def _running(ranking: Ranking, values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(ranking.summed(values))])


def _area_per_gain(share: Array) -> Array:
    """(g + 1,): how the area changes with the gain at each point: the trapezoid's weights, less the line's half."""
    steps = np.diff(share)
    part: Array = (np.append(0.0, steps) + np.append(steps, 0.0)) / 2
    part[-1] -= 0.5
    return part


def _onwards(values: Array) -> Array:
    """(g,): the sums over the points from each group's own to the last."""
    return np.cumsum(values[:0:-1])[::-1]
