"""The first scorer: how much an offer of this kind earns on average, times how much more than average this member buys
in its department.

    value = effect(kind) × affinity − reward cost × P(redeems) − contact cost
    P(redeems) = redemption rate(kind) × affinity, at most MOST_CERTAIN

Both rates are learned from past random decisions and pulled towards what is known of all kinds together, and that
towards a prior, by how little evidence there is (`learn`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.history import HELD_OUT, History
from loyalty.profiling.table import Profiles
from offers.rules.terms import KINDS, TermsTable

# Before any evidence: an offer earns a little, and it is as likely as not to earn twice that or nothing.
PRIOR_EFFECT, PRIOR_EFFECT_SD = 0.05, 0.25
PRIOR_REDEMPTION, PRIOR_DECISIONS = 0.05, 200.0
LEAST_SPREAD = 0.05
MOST_CERTAIN = 0.9
MOST_AFFINITY = 4.0


@dataclass(frozen=True)
class KindEffect:
    """Incremental margin per member offered, in currency units, its standard error, and the share who redeem."""

    effect: float
    error: float
    redemption: float
    decisions: int


@dataclass(frozen=True)
class AffinityScorer:
    """What is known of each kind of offer, and in a sentence from what."""

    kinds: Mapping[str, KindEffect]
    basis: str
    learned_from: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AffinityScorer":
        kinds = {kind: KindEffect(**effect) for kind, effect in data["kinds"].items()}
        return cls(kinds, data["basis"], data["learned_from"])


@dataclass(frozen=True)
class Scores:
    """For n members and k offers: expected incremental margin net of costs in currency units, probability of redeeming,
    and the affinity both rest on, each (n, k) float32."""

    value: NDArray[np.float32]
    redeem: NDArray[np.float32]
    affinity: NDArray[np.float32]


def values(scorer: AffinityScorer, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores:
    """What every offer is worth to us for every member; see the module for the formula.

    `contact_cost` is money per message. A member whose affinity is unknown, and an offer without a department, count as
    average.
    """
    affinity = affinities(profiles, terms.departments)
    effect = np.array([scorer.kinds[kind].effect for kind in terms.kinds])
    redemption = np.array([scorer.kinds[kind].redemption for kind in terms.kinds])
    redeem = np.minimum(redemption * affinity, MOST_CERTAIN)
    value = effect * affinity - terms.reward_cost * redeem - contact_cost
    return Scores(value.astype(np.float32), redeem.astype(np.float32), affinity.astype(np.float32))


def affinities(profiles: Profiles, departments: Sequence[str | None]) -> NDArray[np.float64]:
    """(n, k): each member's affinity for each offer's department, between 0 and MOST_AFFINITY."""
    columns = [profiles.columns.get(f"affinity:{department}") for department in departments]
    ones = np.ones(len(profiles))
    stacked = [ones if column is None else np.nan_to_num(column, nan=1.0) for column in columns]
    found = np.stack(stacked, axis=1) if stacked else np.empty((len(profiles), 0))
    return np.clip(found, 0.0, MOST_AFFINITY)


def learn(history: History) -> AffinityScorer:
    """Estimate each kind's effect and redemption rate, shrunk by how little is known.

    Per run, a kind's effect is treated minus held-out margin (both drawn by chance), divided by the treated's mean
    affinity; runs are pooled by their inverse variance. Kinds are then shrunk towards their common mean with the
    between-kind variance of DerSimonian and Laird (1986), and the common mean towards the prior. Redemptions are shrunk
    by PRIOR_DECISIONS imagined ones. Without history the prior decides.
    """
    measured = {kind: found for kind in KINDS if (found := _measured(history, kind)) is not None}
    centre, spread = _common(list(measured.values()))
    kinds = {kind: _kind(history, kind, measured.get(kind), centre, spread) for kind in KINDS}
    return AffinityScorer(kinds, _basis(history, measured), len(history))


Measured = tuple[float, float]


def _measured(history: History, kind: str) -> Measured | None:
    """A kind's effect and its variance over all runs; None where no run can tell."""
    found = [each for run in np.unique(history.run) if (each := _in_run(history, kind, history.run == run)) is not None]
    if not found:
        return None
    effects, variances = np.array(found).T
    weights = 1 / variances
    return float((weights * effects).sum() / weights.sum()), float(1 / weights.sum())


def _in_run(history: History, kind: str, here: NDArray[np.bool_]) -> Measured | None:
    given, held_out = here & (history.kind == kind), here & (history.kind == HELD_OUT)
    if given.sum() < 2 or held_out.sum() < 2:
        return None
    level = max(float(np.minimum(history.affinity[given], MOST_AFFINITY).mean()), 0.1)
    variance = sum(float(history.margin[arm].var(ddof=1) / arm.sum()) for arm in (given, held_out))
    if variance <= 0:
        return None
    effect = float(history.margin[given].mean() - history.margin[held_out].mean())
    return effect / level, variance / level**2


def _common(measured: Sequence[Measured]) -> tuple[float, float]:
    """The mean effect over kinds, pulled towards the prior, and the variance between kinds."""
    if not measured:
        return PRIOR_EFFECT, LEAST_SPREAD**2
    effects, variances = np.array(measured).T
    weights = 1 / variances
    mean = (weights * effects).sum() / weights.sum()
    excess = (weights * (effects - mean) ** 2).sum() - (len(effects) - 1)
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    spread = max(float(excess / scale) if scale > 0 else 0.0, LEAST_SPREAD**2)
    weights = 1 / (variances + spread)
    prior_weight = 1 / PRIOR_EFFECT_SD**2
    centre = ((weights * effects).sum() + prior_weight * PRIOR_EFFECT) / (weights.sum() + prior_weight)
    return float(centre), spread


def _kind(history: History, kind: str, found: Measured | None, centre: float, spread: float) -> KindEffect:
    given = history.kind == kind
    decisions = int(given.sum())
    redeemed = float(history.redeemed[given].sum())
    redemption = (redeemed + PRIOR_DECISIONS * PRIOR_REDEMPTION) / (decisions + PRIOR_DECISIONS)
    if found is None:
        return KindEffect(centre, float(np.sqrt(spread)), redemption, decisions)
    effect, variance = found
    trust = spread / (spread + variance)
    shrunk = trust * effect + (1 - trust) * centre
    return KindEffect(shrunk, float(np.sqrt(trust * variance)), redemption, decisions)


def _basis(history: History, measured: Mapping[str, Measured]) -> str:
    if not measured:
        return (
            f"No past random decisions: a prior of {PRIOR_EFFECT:.2f} per offer, the same for every kind, decides with "
            "the members' affinities."
        )
    runs = len(np.unique(history.run))
    campaigns = "1 campaign" if runs == 1 else f"{runs} campaigns"
    return f"Learned from {len(history):,} past random decisions in {campaigns}, about {len(measured)} kinds of offer."
