"""What a scorer's value is made of, and how far it may be off: what is shown of it beside the number.

    value = margin − reward − contact − caution

The scorer tells the value, the same without caution, and the probability of redeeming; the rest follows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import uplift
from campaigns.scoring.affinity import AffinityScorer
from campaigns.scoring.scores import Scorer, Scores
from offers.rules.terms import TermsTable

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """For n members and k offers in currency units, each (n, k) float64: the incremental margin before costs, the
    expected cost of the reward and what was taken off out of caution; and the cost of the contact."""

    margin: Array
    reward: Array
    caution: Array
    contact: float

    @property
    def value(self) -> Array:
        return np.asarray(self.margin - self.reward - self.contact - self.caution)


def taken_apart(scores: Scores, terms: TermsTable, *, contact_cost: float) -> Parts:
    """The parts of these values; `contact_cost` is the money per message that the scores were made with."""
    expected, value = scores.expected.astype(np.float64), scores.value.astype(np.float64)
    reward = terms.reward_cost * scores.redeem
    return Parts(
        margin=expected + reward + contact_cost,
        reward=np.asarray(reward, dtype=np.float64),
        caution=expected - value,
        contact=contact_cost,
    )


def errors(scorer: Scorer, parts: Parts, terms: TermsTable) -> Array:
    """The standard error of each expected margin (n, k), as the scorer knows it; nan where it knows none."""
    if not isinstance(scorer, AffinityScorer):
        return np.asarray(parts.caution / uplift.CAUTION)
    kinds = [scorer.kinds[kind] for kind in terms.kinds]
    relative = [each.error / abs(each.effect) if each.effect else np.nan for each in kinds]
    return np.asarray(np.abs(parts.margin) * np.array(relative))
