"""Members in the order of a score, and what scikit-uplift makes of it, worked out of the product's own Qini curve."""

import numpy as np

from analytics.measurement import proportions
from analytics.measurement.moments import Moments
from campaigns.scoring import qini
from campaigns.scoring.qini import Curve, Decided
from campaigns.scoring.ranking import ranked

Figures = dict[str, object]
OUTCOME = np.array([0, 0, 0, 0, 1, 0, 0, 1, 1, 1], dtype=float)
ARM = np.arange(10) >= 5


class Ordered:
    """Two arms in the order of a score, and the curves of scikit-uplift that the product's own curve gives."""

    def __init__(self, score: np.ndarray, outcome: np.ndarray, treated: np.ndarray) -> None:
        self.score, self.outcome, self.treated = score, outcome, treated

    def by(self, score: np.ndarray) -> "Ordered":
        return Ordered(score, self.outcome, self.treated)

    @property
    def curve(self) -> Curve:
        rows = len(self.outcome)
        return qini.curve(Decided(self.outcome, self.treated, np.full(rows, self.treated.mean())), ranked(self.score))

    @property
    def qini(self) -> np.ndarray:
        """In numbers of treated."""
        return np.asarray(self.curve.gain * len(self.outcome) * self.treated.mean())

    @property
    def uplift(self) -> np.ndarray:
        """The same differences of means, times all rows so far."""
        treated = np.concatenate([[0], np.cumsum(ranked(self.score).summed(self.treated))])
        rows = self.curve.share * len(self.outcome)
        return np.asarray(self.qini * np.divide(rows, treated, out=np.zeros_like(treated), where=treated > 0))

    def above_the_line(self, gain: np.ndarray) -> float:
        return float(np.trapezoid(gain, self.curve.share) - gain[-1] / 2)

    @property
    def qini_auc(self) -> float:
        """Whoever answers only when treated comes first, whoever buys only when not treated comes last."""
        best = self.by(np.where(self.treated, self.outcome, -self.outcome))
        return self.above_the_line(self.qini) / best.above_the_line(best.qini)

    @property
    def qini_auc_without_harm(self) -> float:
        """The best curve rises by one with every row to its end, and stays there."""
        end = self.qini[-1]
        share = end / len(self.outcome)
        return self.above_the_line(self.qini) / float(end * (1 - share / 2) - end / 2)

    @property
    def uplift_auc(self) -> float:
        """Its best order is another one: treated who answered, then all others but control who bought."""
        best = self.by(2.0 * (self.outcome == self.treated) + self.treated)
        return self.above_the_line(self.uplift) / best.above_the_line(best.uplift)


def of_ten(score: list[float]) -> Figures:
    """Of the ten rows that both entries are about."""
    found = Ordered(np.array(score), OUTCOME, ARM)
    return {
        "x": found.curve.share * len(OUTCOME),
        "uplift_curve": found.uplift,
        "qini_curve": found.qini,
        "qini_auc_negeffect_true": found.qini_auc,
        "qini_auc_negeffect_false": found.qini_auc_without_harm,
        "uplift_auc": found.uplift_auc,
    }


def of_a_few() -> Figures:
    """Two members in their only good order; and three in one tenth, of whom two were treated and one bought."""
    score = np.array([0.1, 0.3])
    first = Ordered(score, np.array([0.0, 1.0]), np.array([True, False]))
    second = Ordered(score, np.array([1.0, 0.0]), np.array([False, True]))
    treated, others = Moments(2, 1, 1), Moments(1, 0, 0)
    spread = proportions.error(1, 2, 0, 1)  # all of it of the treated, as one member has none
    tenth = [treated.n, others.n, treated.mean, others.mean, treated.mean - others.mean, spread, 0.0, spread]
    return {
        "qini_auc([0,1],[.1,.3],[1,0])": first.qini_auc,
        "qini_auc([1,0],[.1,.3],[0,1])": second.qini_auc,
        "uplift_by_percentile 1 bin y=[0,1,0] t=[0,1,1]": tenth,
    }
