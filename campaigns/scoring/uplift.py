"""The scorer of incremental margin: what an offer changes in a member's whole basket, for every pair of the two.

    margin = Σ U_fb (feature f of the offer) × (column b of the member's local row)
    value = margin − reward cost × P(redeems) − contact cost, less CAUTION standard errors for ranking

How eager members are is learned first, and is one of their columns (`multiplicative`). The weights U are learned from
past random decisions (`robinson`), and kept as near to what offers have in common and to an effect in proportion to
affinity as there is no evidence against it (`shrinkage`). The margin is what is left after the discount at the till, so
that only the reward cost is still to be taken off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from campaigns.scoring import caution, filling, multiplicative, offering, redemption, robinson, weighed
from campaigns.scoring.basis import Basis
from campaigns.scoring.caution import Caution
from campaigns.scoring.draws import NOTHING, Draws
from campaigns.scoring.effects import LEAST_MARGIN, PRIOR_EFFECT, usual_margin
from campaigns.scoring.equations import Offers, moments
from campaigns.scoring.families import families, of_new_offer
from campaigns.scoring.history import History
from campaigns.scoring.local import affinity_columns, local
from campaigns.scoring.offering import Offering
from campaigns.scoring.scores import Asked, Scores
from campaigns.scoring.shrinkage import Families, Posterior, posterior
from campaigns.scoring.weighed import Way, Weighed
from loyalty.profiling.table import Profiles, day_number
from offers.rules.terms import TermsTable

CAUTION = 1.25  # standard errors: nothing is given where we believe to lose by it with a chance above 1 in 10
USUAL_ROWS = 50_000
MOST_REDEEMING = 400_000  # decisions that teach who redeems, which is far easier to tell than margins are

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class AskedUplift:
    """What makes rows of the basis (n, d) of profiles, and the way they are scored."""

    rows: Callable[[Profiles], Rows]
    way: Way

    def scores(self, profiles: Profiles) -> Scores:
        return self.way.scores(self.rows(profiles))


@dataclass(frozen=True, eq=False)
class UpliftScorer:
    """The member basis, the columns of offers, and the weights (f, c) of margin and of the logit of redeeming."""

    members: Basis
    offers: Offering
    margin: Array
    redemption: Array
    caution: Caution
    basis: str
    learned_from: int

    def scores(self, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores:
        """See `scores.Scorer`: one product of the members' rows and the offers' weights."""
        day, members = day_number(profiles.as_of), len(profiles)
        return self.asked(terms, day=day, contact_cost=contact_cost, members=members).scores(profiles)

    def asked(self, terms: TermsTable, *, day: int, contact_cost: float, members: int) -> Asked:
        """See `scores.Scorer`."""
        known = self.weighed(terms, day=day, contact_cost=contact_cost)
        return AskedUplift(filling.way(self.members, pairs=members * len(terms)), weighed.way(known, members=members))

    def scored(self, rows: Rows, terms: TermsTable, *, day: int, contact_cost: float) -> Scores:
        """The same of rows (n, d) of the member basis, on a day in days since 1970-01-01."""
        return weighed.way(self.weighed(terms, day=day, contact_cost=contact_cost), members=len(rows)).scores(rows)

    def redeems(self, rows: Rows, terms: TermsTable, *, day: int) -> Rows:
        """(n, k): only the probability of redeeming, for rows (n, d)."""
        return weighed.way(self.weighed(terms, day=day, contact_cost=0.0), members=len(rows)).chances(rows)

    def weighed(self, terms: TermsTable, *, day: int, contact_cost: float) -> Weighed:
        """What is known of these offers on a day, before it is known for whom."""
        features = self.offers.rows(terms, day=day)
        errors = CAUTION * self.caution.errors(features, self.offers.is_known(terms))
        return Weighed(
            local=local(self.members, terms.departments),
            affinities=affinity_columns(self.members, terms.departments),
            margin=features @ self.margin,
            redemption=features @ self.redemption,
            caution=self.caution,
            cost=terms.reward_cost.astype(np.float32),
            errors=errors.astype(np.float32),
            contact_cost=contact_cost,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "members": self.members.to_json(),
            "offers": self.offers.to_json(),
            "margin": self.margin.tolist(),
            "redemption": self.redemption.tolist(),
            "caution": self.caution.to_json(),
            "basis": self.basis,
            "learned_from": self.learned_from,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "UpliftScorer":
        return cls(
            Basis.from_json(data["members"]),
            Offering.from_json(data["offers"]),
            np.array(data["margin"]),
            np.array(data["redemption"]),
            Caution.from_json(data["caution"]),
            data["basis"],
            data["learned_from"],
        )


def learn(history: History, members: Basis) -> UpliftScorer:
    """The scorer that these decisions teach; ValueError where their draws have rows of another basis.

    Without draws the prior decides: PRIOR_EFFECT for an average member, in proportion to affinity.
    """
    draws = history.draws
    if draws is None or not len(draws):
        return _without_history(members)
    if draws.names != members.names:
        raise ValueError("The decisions have rows of another basis: compute them by the basis given.")
    members, draws = _eager(history, draws, members)
    columns_of, offers = _described(draws, members)
    believed = families(columns_of, offers.local, scale=_scale(history), per_affinity=PRIOR_EFFECT)
    with threadpool_limits(1, user_api="blas"):  # many small products, which several threads only hold up
        found = posterior(robinson.equations(history, draws, offers), believed)
        redeem = _redemption(history, draws, offers, families(columns_of, offers.local, **redemption.BEFOREHAND))
    return UpliftScorer(
        members=members,
        offers=columns_of,
        margin=found.weights,
        redemption=redeem,
        caution=_caution(found, believed, draws, offers),
        basis=_told(history, draws),
        learned_from=len(history),
    )


def _eager(history: History, draws: Draws, members: Basis) -> tuple[Basis, Draws]:
    """The basis with what tells how eager members are, and the draws with rows of it."""
    if members.eagerness is not None:
        return members, draws
    found = members.with_eagerness(multiplicative.learned(history, draws, members, scale=_scale(history)))
    return found, replace(draws, basis=found.widened(draws.basis), names=found.names)


def _described(draws: Draws, members: Basis) -> tuple[Offering, Offers]:
    """The columns that describe offers, and what the offers of past draws are by these."""
    given = np.bincount(draws.offer[draws.offer != NOTHING], minlength=len(draws.offers))
    columns_of = offering.fitted(draws.offers, day=draws.day, given=given)
    departments = draws.offers.departments
    affinities, rows_of = affinity_columns(members, departments), local(members, departments)
    return columns_of, Offers(columns_of.rows(draws.offers, day=draws.day), affinities, rows_of)


def _caution(found: Posterior, believed: Families, draws: Draws, offers: Offers) -> Caution:
    return caution.learned(
        found,
        usual=_usual(draws.basis, offers),
        features=offers.features,
        believed=believed.each(found.variances),
        new_offer=of_new_offer(found.variances, offers.local),
    )


def _without_history(members: Basis) -> UpliftScorer:
    """Nothing to be cautious about beyond the prior, which is small."""
    columns_of, rows_of = offering.NONE, local(members, [])
    effect = families(columns_of, rows_of, scale=LEAST_MARGIN, per_affinity=PRIOR_EFFECT).mean
    redeem = families(columns_of, rows_of, **redemption.BEFOREHAND).mean
    features = len(columns_of.names)
    nothing = Caution(np.zeros((features, features)), 0.0, np.zeros((rows_of.size, 1)))
    told = f"No past random decisions: a prior of {PRIOR_EFFECT:.2f} per offer decides with the members' affinities."
    return UpliftScorer(members, columns_of, effect, redeem, nothing, told, 0)


def _scale(history: History) -> float:
    """What a member earns us meanwhile, by which effects are measured."""
    return max(usual_margin(history), LEAST_MARGIN)


def _redemption(history: History, draws: Draws, offers: Offers, believed: Families) -> Array:
    given = np.flatnonzero(draws.offer != NOTHING)
    given = given[:: max(1, len(given) // MOST_REDEEMING)]
    return redemption.learned(draws.basis[given], history.redeemed[given], draws.offer[given], offers, believed)


def _usual(rows: Rows, offers: Offers) -> Array:
    """Second moments (c, c) of the local rows of members and offers on average."""
    some = rows[:: max(1, len(rows) // USUAL_ROWS)]
    second, _ = moments(some, np.zeros(len(some)), np.full(len(some), 1 / len(some)), offers.local.expanded)
    columns = offers.local.columns(offers.affinities)
    return np.asarray(np.mean([second[np.ix_(own, own)] for own in columns], axis=0))


def _told(history: History, draws: Draws) -> str:
    runs, offers = len(np.unique(history.run)), len(set(draws.offers.offer_refs))
    campaigns = "1 campaign" if runs == 1 else f"{runs} campaigns"
    about = "1 offer" if offers == 1 else f"{offers} offers"
    return (
        f"Learned from {len(history):,} past random decisions in {campaigns}, about {about}; a new offer counts as "
        "those of its kind, depth and department."
    )
