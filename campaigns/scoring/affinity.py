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
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import effects, kernels, response
from campaigns.scoring.effects import PRIOR_EFFECT, Estimate
from campaigns.scoring.history import HELD_OUT, History
from campaigns.scoring.packed import flat, past_cache, room
from campaigns.scoring.response import PROPORTIONAL, Response
from campaigns.scoring.scores import Asked, Scores
from loyalty.profiling.table import Profiles, day_number
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
        day, members = day_number(profiles.as_of), len(profiles)
        return self.asked(terms, day=day, contact_cost=contact_cost, members=members).scores(profiles)

    def asked(self, terms: TermsTable, *, day: int, contact_cost: float, members: int) -> Asked:
        """See `scores.Scorer`; what an offer is worth does not depend on the day."""
        loops = kernels.compiled("responding", pairs=members * len(terms))
        if loops is None:
            return ByArrays(self, terms, contact_cost)
        return ByLoops(self, terms, contact_cost, loops)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AffinityScorer":
        kinds = {kind: KindEffect(**effect) for kind, effect in data["kinds"].items()}
        return cls(kinds, data["basis"], data["learned_from"], Response(**data["response"]))


@dataclass(frozen=True, eq=False)
class ByArrays:
    """An affinity scorer that is asked about some offers, with NumPy."""

    scorer: AffinityScorer
    terms: TermsTable
    contact_cost: float

    def scores(self, profiles: Profiles) -> Scores:
        found = values(self.scorer, profiles, self.terms, contact_cost=self.contact_cost)
        return Scores(value=found.value, expected=found.value, redeem=found.redeem)


@dataclass(frozen=True, eq=False)
class ByLoops:
    """The same with compiled loops, a few members at a time."""

    scorer: AffinityScorer
    terms: TermsTable
    contact_cost: float
    loops: ModuleType

    def scores(self, profiles: Profiles) -> Scores:
        departments, _ = _departments(self.terms)
        asked = max(len(profiles), self.loops.LANES)
        responses = np.zeros((len(departments), asked), dtype=np.float32)
        for department, found in zip(departments, responses[:, : len(profiles)], strict=True):
            self.loops.respond(_affinity(profiles, department), response.MOST_AFFINITY, *self._curve, found)
        value, redeem = room(asked, len(self.terms)), room(asked, len(self.terms))
        found = value.reshape(-1), redeem.reshape(-1)
        self.loops.value(flat(responses), asked, self._known, *found, past_cache(*found))
        return Scores(value=value, expected=value, redeem=redeem).of(slice(len(profiles)))

    @cached_property
    def _curve(self) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """The factor at the first affinity that it is known at, those affinities, and how its slope changes there."""
        at, factor = (np.array(each) for each in (self.scorer.response.affinity, self.scorer.response.factor))
        return float(factor[0]), at, np.diff(np.diff(factor) / np.diff(at), prepend=0, append=0)

    @cached_property
    def _known(self) -> tuple[Any, ...]:
        _, of = _departments(self.terms)
        each = (flat(numbers) for numbers in (*_of_kinds(self.scorer, self.terms), _reward_cost(self.terms)))
        known: tuple[Any, ...] = self.loops.Known(
            flat(of), *each, np.float32(self.contact_cost), np.float32(MOST_CERTAIN)
        )
        return known


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
    departments, of = _departments(terms)
    known = affinities(profiles, departments)
    affinity, times_average = (each.astype(np.float32)[:, of] for each in (known, scorer.response.at(known)))
    base, rate = _of_kinds(scorer, terms)
    redeem = np.minimum(rate * times_average, np.float32(MOST_CERTAIN))
    value = base * times_average - _reward_cost(terms) * redeem - np.float32(contact_cost)
    return Parts(value, redeem, affinity, base)


def affinities(profiles: Profiles, departments: Sequence[str | None]) -> NDArray[np.float64]:
    """(n, k): each member's affinity for each offer's department, bounded; 1, which is average, where unknown."""
    found = np.empty((len(profiles), len(departments)), order="F")
    for offer, department in enumerate(departments):
        found[:, offer] = response.bounded(_affinity(profiles, department))
    return found


def _affinity(profiles: Profiles, department: str | None) -> NDArray[np.floating]:
    """(n,), in one piece, as the profiles have it."""
    name = f"affinity:{department}"
    if name not in profiles.columns:
        return np.full(len(profiles), np.nan, dtype=np.float32)
    return np.ascontiguousarray(profiles.column(name))


def _departments(terms: TermsTable) -> tuple[list[str | None], NDArray[np.intp]]:
    """The departments, of which there are fewer than offers, and which of them each offer (k,) is of."""
    departments = list(dict.fromkeys(terms.departments))
    return departments, np.array([departments.index(each) for each in terms.departments], dtype=np.intp)


def _reward_cost(terms: TermsTable) -> NDArray[np.float32]:
    return terms.reward_cost.astype(np.float32)


def _of_kinds(scorer: AffinityScorer, terms: TermsTable) -> NDArray[np.float32]:
    """(2, k): the effect of each offer's kind, and the share who redeem."""
    known = [scorer.kinds[kind] for kind in terms.kinds]
    return np.array([[each.effect for each in known], [each.redemption for each in known]], dtype=np.float32)


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
