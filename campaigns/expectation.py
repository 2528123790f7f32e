"""What a plan is expected to bring and to cost, each with its interval, told from the members it gives something."""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns import scorers
from campaigns.planning import Inputs
from campaigns.scoring import parts
from loyalty import profiles
from loyalty.profiling.table import Profiles
from offers import catalog
from offers.rules import costs
from offers.rules.terms import TermsTable

SAMPLE = 20_000  # offers given: of more, every so-manieth is looked at
Z = 1.96  # for intervals of 95 %

ONE_WAY = (
    "95 %, as if all that the scorer may be wrong by pointed the same way. What members do by chance comes on top."
)
BY_CHANCE = "95 %, by the normal approximation of who redeems, taking the probability of each as it is told."
UNSURE = "the scorer does not say how far it may be off"

Array = NDArray[np.float64]
Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True)
class Estimate:
    """An amount of money with its interval and how that came to be (`basis`); without one `reason` says why."""

    value: float
    low: float | None
    high: float | None
    basis: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Expectation:
    """`margin` is net of the expected reward and contact cost; `cost` is that of redemptions, which budgets count."""

    margin: Estimate
    cost: Estimate

    def as_json(self) -> dict[str, Any]:
        return {"margin": self.margin.as_json(), "cost": self.cost.as_json()}


@dataclass(frozen=True)
class _Sample:
    """Of some of the offers given (m,): expected margin and its standard error, and chance and cost of a redemption;
    each stands for `scale` offers."""

    scale: float
    expected: Array
    error: Array
    redeem: Array
    cost: Array


def expectation(
    inputs: Inputs, member_ids: NDArray[np.int64], offer: NDArray[np.integer], *, spend: float
) -> Expectation:
    """Of giving these offers (n, each), -1 for nothing, to these members (n,); `spend` is the expected cost."""
    told = _sampled(inputs, member_ids, offer)
    return Expectation(_margin(told), _cost(told, spend))


def _margin(told: _Sample) -> Estimate:
    total = told.scale * math.fsum(told.expected.tolist())
    off = Z * math.hypot(told.scale * float(told.error.sum()), _of_sampling(told))
    if math.isnan(off):
        return Estimate(total, None, None, reason=UNSURE)
    return Estimate(total, total - off, total + off, ONE_WAY)


def _of_sampling(told: _Sample) -> float:
    """The standard error that comes of looking at some only (Cochran, 1977, section 2.6)."""
    looked_at = len(told.expected)
    if told.scale == 1 or looked_at < 2:
        return 0.0
    everybody = told.scale * looked_at
    spread = float(np.var(told.expected, ddof=1))
    return everybody * math.sqrt(spread / looked_at * (1 - 1 / told.scale))


def _cost(told: _Sample, spend: float) -> Estimate:
    variance = told.scale * float((told.redeem * (1 - told.redeem) * told.cost**2).sum())
    off = Z * math.sqrt(variance)
    return Estimate(spend, max(0.0, spend - off), spend + off, BY_CHANCE)


def _sampled(inputs: Inputs, member_ids: NDArray[np.int64], offer: NDArray[np.integer]) -> _Sample:
    rows, ranks = np.nonzero(offer >= 0)
    step = max(1, math.ceil(len(rows) / SAMPLE))
    some = rows[::step], ranks[::step]
    everyone = profiles.opened(inputs.snapshot, on=inputs.on)
    of_members, member = np.unique(some[0], return_inverse=True)
    members = everyone.take(np.searchsorted(everyone.member_ids, member_ids[of_members]))
    terms = catalog.terms_table(inputs.terms, everyone)
    pairs = member, offer[some].astype(np.intp)
    return _scored(inputs, members, terms, pairs, scale=len(rows) / max(len(member), 1))


def _scored(inputs: Inputs, members: Profiles, terms: TermsTable, pairs: Pairs, *, scale: float) -> _Sample:
    """What the run's scorer says of pairs of a member and an offer, by their rows and columns."""
    scorer, contact_cost = scorers.opened(inputs.scorer), float(inputs.campaign.contact_cost)
    scores = scorer.scores(members, terms, contact_cost=contact_cost)
    error = parts.errors(scorer, parts.taken_apart(scores, terms, contact_cost=contact_cost), terms)
    basket = members.column("average_basket")
    usual = float(np.nanmedian(basket)) if np.any(~np.isnan(basket)) else 0.0
    return _Sample(
        scale=scale,
        expected=scores.expected[pairs].astype(np.float64),
        error=error[pairs],
        redeem=scores.redeem[pairs].astype(np.float64),
        cost=costs.redemption_cost(terms, np.nan_to_num(basket, nan=usual))[pairs].astype(np.float64),
    )
