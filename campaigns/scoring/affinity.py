"""The first scorer: how much an offer of this kind earns on average, times how much more than average this member
responds, by affinity for its department.

    value = effect(kind) × response(affinity) − reward cost × P(redeems) − contact cost
    P(redeems) = redemption rate(kind) × response(affinity), at most MOST_CERTAIN

All three are learned from past random decisions (`effects`, `response`) and stay near a prior while there are few. The
effect is of margin after the discount at the till, so that only the reward cost is still to be taken off. The level
comes from treated less held out; that it grows with affinity as redemptions do is an assumption.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import effects, response
from campaigns.scoring.effects import PRIOR_EFFECT, Estimate
from campaigns.scoring.history import HELD_OUT, History
from campaigns.scoring.response import PROPORTIONAL, Response
from campaigns.scoring.scores import Scores
from loyalty.profiling.table import Profiles
from offers.rules.terms import KINDS, TermsTable

PRIOR_REDEMPTION, PRIOR_DECISIONS = 0.05, 200.0
MOST_CERTAIN = 0.9


@dataclass(frozen=True)
class KindEffect:
    """Of a kind of offer, given to an average member: incremental margin in currency units, its standard error, the
    share who redeem, and the past decisions that gave it."""

    effect: float
    error: float
    redemption: float
    decisions: int


@dataclass(frozen=True)
class AffinityScorer:
    """What is known of each kind of offer and of the response to affinity, and in a sentence from what."""

    kinds: Mapping[str, KindEffect]
    basis: str
    learned_from: int
    response: Response = PROPORTIONAL

    def scores(self, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores:
        """See `scores.Scorer`; kinds without evidence have the prior's small effect, so caution changes nothing."""
        found = values(self, profiles, terms, contact_cost=contact_cost)
        return Scores(value=found.value, expected=found.value, redeem=found.redeem)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AffinityScorer":
        kinds = {kind: KindEffect(**effect) for kind, effect in data["kinds"].items()}
        return cls(kinds, data["basis"], data["learned_from"], Response(**data["response"]))


@dataclass(frozen=True)
class Parts:
    """For n members and k offers: expected incremental margin net of costs in currency units, probability of redeeming,
    and the affinity both rest on, each (n, k) float32; and the margin for an average member before costs, (k,)."""

    value: NDArray[np.float32]
    redeem: NDArray[np.float32]
    affinity: NDArray[np.float32]
    base: NDArray[np.float32]


def values(scorer: AffinityScorer, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Parts:
    """What every offer is worth to us for every member; see the module for the formula.

    `contact_cost` is money per message. A member whose affinity is unknown, and an offer without a department, count as
    average.
    """
    departments = list(dict.fromkeys(terms.departments))  # of which there are fewer than offers
    known = affinities(profiles, departments)
    of = [departments.index(department) for department in terms.departments]
    affinity, times_average = (each.astype(np.float32)[:, of] for each in (known, scorer.response.at(known)))
    base = np.array([scorer.kinds[kind].effect for kind in terms.kinds], dtype=np.float32)
    rate = np.array([scorer.kinds[kind].redemption for kind in terms.kinds], dtype=np.float32)
    redeem = np.minimum(rate * times_average, np.float32(MOST_CERTAIN))
    value = base * times_average - terms.reward_cost.astype(np.float32) * redeem - np.float32(contact_cost)
    return Parts(value, redeem, affinity, base)


def affinities(profiles: Profiles, departments: Sequence[str | None]) -> NDArray[np.float64]:
    """(n, k): each member's affinity for each offer's department, bounded; 1, which is average, where unknown."""
    found = np.ones((len(profiles), len(departments)), order="F")
    for offer, department in enumerate(departments):
        name = f"affinity:{department}"
        if name in profiles.columns:
            found[:, offer] = response.bounded(profiles.column(name))
    return found


def learn(history: History) -> AffinityScorer:
    """Estimate each kind's effect and redemption rate and the response to affinity, shrunk by how little is known.

    Redemption rates are shrunk towards PRIOR_REDEMPTION by PRIOR_DECISIONS imagined average members. Without history
    the priors decide.
    """
    curve = response.fitted(history)
    at = curve.at(history.affinity)
    found = effects.measured(history, at, KINDS)
    shrunk = effects.shrunk(found, KINDS, usual_margin=effects.usual_margin(history))
    kinds = {kind: _kind(history, at, kind, shrunk[kind]) for kind in KINDS}
    used = _comparable(history, found)
    return AffinityScorer(kinds, _basis(history, used, found), int(used.sum()), curve)


def _kind(history: History, at: NDArray[np.float64], kind: str, estimate: Estimate) -> KindEffect:
    given = history.kind == kind
    redeemed = float(history.redeemed[given].sum()) + PRIOR_DECISIONS * PRIOR_REDEMPTION
    rate = redeemed / (float(at[given].sum()) + PRIOR_DECISIONS)
    return KindEffect(estimate.effect, float(np.sqrt(estimate.variance)), rate, int(given.sum()))


def _comparable(history: History, found: Mapping[str, Estimate]) -> NDArray[np.bool_]:
    """The decisions (m,) of runs that held members out, about the kinds whose effect was measured."""
    with_held_out = np.isin(history.run, history.run[history.kind == HELD_OUT])
    return with_held_out & np.isin(history.kind, [*found, HELD_OUT]) & bool(found)


def _basis(history: History, used: NDArray[np.bool_], found: Mapping[str, Estimate]) -> str:
    if not found:
        return (
            f"No past random decisions: a prior of {PRIOR_EFFECT:.2f} per offer, the same for every kind, decides with "
            "the members' affinities."
        )
    runs = len(np.unique(history.run[used]))
    campaigns = "1 campaign" if runs == 1 else f"{runs} campaigns"
    kinds = "1 kind of offer" if len(found) == 1 else f"{len(found)} kinds of offer"
    others = "" if len(found) == len(KINDS) else "; other kinds count as what those have in common"
    return f"Learned from {int(used.sum()):,} past random decisions in {campaigns}, about {kinds}{others}."
