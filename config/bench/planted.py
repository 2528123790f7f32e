"""Worlds in which it is known what every offer changes for every member, and what chance has taught in them.

An offer makes some members buy what they would not have bought: those who look for a good price, who read what we
write, and who do not come anyway. To those who come anyway it gives a discount away and gets nothing back, and some it
annoys: these are the sleeping dogs. Those who would have come anyway redeem most.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from campaigns.scoring.affinity import affinities
from campaigns.scoring.basis import Basis
from campaigns.scoring.draws import NOTHING, Draws
from campaigns.scoring.history import HELD_OUT, History
from config.bench import shoppers
from loyalty.profiling import lifecycle
from loyalty.profiling.table import Profiles, day_number
from offers.rules.terms import FOREVER, TermsTable

DAY = day_number(shoppers.AS_OF)
MARGIN_SHARE = 0.25
WINDOW_DAYS = 14
SHARE_HELD_OUT = 0.15
CONTACT_COST = 0.02
OFFERED_KINDS = ("percent", "amount", "points", "free_item", "service")


@dataclass(frozen=True, eq=False)
class Truth:
    """For n members and k offers, (n, k): what giving the offer adds to the margin, net of rewards and of the contact,
    in currency units; what it adds before both; and how likely it is redeemed."""

    value: np.ndarray
    margin: np.ndarray
    redeem: np.ndarray


@dataclass(frozen=True, eq=False)
class World:
    """Offers (k), and per offer (k,): how strongly it moves, how deep it cuts, at which share of discounts members
    begin to care, and how it annoys. `strength` 0 plants no effect at all."""

    terms: TermsTable
    moves: np.ndarray
    cuts: np.ndarray
    cares_from: np.ndarray
    annoys: np.ndarray
    strength: float = 1.0

    def truth(self, members: Profiles) -> Truth:
        """See the module; all of it is told by what is known of the members."""
        known = {name: np.nan_to_num(members.column(name)) for name in SEEN}
        affinity = affinities(members, self.terms.departments)
        pace = known["baskets_90"][:, None] * WINDOW_DAYS / 90
        anyway = 1 - np.exp(-pace * affinity / 4)
        cares = expit((known["discount_share"][:, None] - self.cares_from) / 0.06)
        reads = 0.3 + 0.7 * expit((known["opens_90"][:, None] - 3) / 1.5)
        away = expit((known["recency_days"][:, None] - 20) / 8)
        bought = self.moves * cares * reads * (1 - anyway) * np.sqrt(affinity) * (0.6 + 0.8 * away)
        basket = np.minimum(known["average_basket"], 90)[:, None]
        lost = self.cuts * anyway * basket * 0.3
        annoyed = self.annoys * expit((known["opens_90"][:, None] - 8) / 2) * (1 - cares)
        margin = self.strength * (bought * MARGIN_SHARE * basket - lost - annoyed)
        redeem = np.clip(0.01 + 0.5 * anyway * (0.4 + 0.6 * cares) + 0.5 * bought, 0, 0.95)
        return Truth(margin - self.terms.reward_cost * redeem - CONTACT_COST, margin, redeem)


SEEN = ("baskets_90", "discount_share", "opens_90", "recency_days", "average_basket")


def world(seed: int, *, offers: int = 12, strength: float = 1.0) -> World:
    """Offers that differ in kind, department, depth and in themselves."""
    rng = np.random.default_rng([seed, 1])
    kinds = [OFFERED_KINDS[at % len(OFFERED_KINDS)] for at in range(offers)]
    departments = [shoppers.DEPARTMENTS[at] for at in rng.integers(0, len(shoppers.DEPARTMENTS), offers)]
    depth = rng.uniform(0.05, 0.3, offers)
    of_kind = dict(zip(OFFERED_KINDS, rng.uniform(0.5, 1.5, len(OFFERED_KINDS)), strict=True))
    by_kind = np.array([of_kind[kind] for kind in kinds])
    cuts = np.where(np.isin(kinds, ("percent", "amount", "free_item")), depth, 0.02)
    return World(
        terms=_terms(kinds, departments, depth),
        moves=by_kind * (0.15 + depth) * rng.uniform(0.6, 1.4, offers),
        cuts=cuts,
        cares_from=rng.uniform(0.12, 0.35, offers),
        annoys=rng.uniform(0.2, 1.5, offers),
        strength=strength,
    )


def history(planted: World, members: Profiles, basis: Basis, rng: np.random.Generator, *, runs: int = 2) -> History:
    """One decision per member, and what came of it; see `drawn`."""
    return drawn(planted, members, basis, rng, runs=runs)[0]


def drawn(
    planted: World, members: Profiles, basis: Basis, rng: np.random.Generator, *, runs: int = 2
) -> tuple[History, np.ndarray]:
    """One decision per member, drawn evenly among the offers open to the member or held out, and what came of it; and
    the offer (m,) that each member was given or, where held out, would have been given.

    Who is new may not have the last offer, so that not all decisions are drawn with the same chances.
    """
    offers, size = len(planted.terms), len(members)
    run, held_out = rng.integers(0, runs, size), rng.random(size) < SHARE_HELD_OUT
    is_new = members.column("lifecycle") == lifecycle.NEW
    ghost = (rng.random(size) * np.where(is_new, offers - 1, offers)).astype(np.int32)
    offer = np.where(held_out, NOTHING, ghost).astype(np.int32)
    truth, at = planted.truth(members), (np.arange(size), ghost)
    given = ~held_out
    added = truth.margin[at] * rng.gamma(2.0, 0.5, size)
    lived = History(
        run=run,
        kind=np.where(given, np.array(planted.terms.kinds)[ghost], HELD_OUT),
        affinity=np.where(given, affinities(members, planted.terms.departments)[at], 1.0),
        redeemed=given & (rng.random(size) < truth.redeem[at]),
        margin=_anyway(members, rng) + given * added,
        draws=_draws(planted, offer, is_new, run, basis.rows(members), basis),
    )
    return lived, ghost


def _draws(
    planted: World, offer: np.ndarray, is_new: np.ndarray, run: np.ndarray, rows: np.ndarray, basis: Basis
) -> Draws:
    """Two sets of chances; the runs gave the same offers."""
    offers = len(planted.terms)
    chances = np.full((2, offers), (1 - SHARE_HELD_OUT) / offers)
    chances[1] = np.append(np.full(offers - 1, (1 - SHARE_HELD_OUT) / (offers - 1)), 0.0)
    day = np.full(offers, DAY, dtype=np.int32)
    return Draws(planted.terms, day, offer, is_new.astype(np.int32), chances, rows, basis.names)


def _anyway(members: Profiles, rng: np.random.Generator) -> np.ndarray:
    """Margins without any offer: of a few visits, of which each comes to something else."""
    pace = np.nan_to_num(members.column("baskets_90")) * WINDOW_DAYS / 90
    basket = np.nan_to_num(members.column("average_basket"))
    visits = rng.poisson(pace)
    spent: np.ndarray = basket * rng.gamma(np.maximum(visits * 3.0, 1e-9), 1 / 3.0)
    return MARGIN_SHARE * spent


def _terms(kinds: list[str], departments: list[str], depth: np.ndarray) -> TermsTable:
    offers = len(kinds)
    value = {"percent": 100.0, "amount": 20.0, "points": 1000.0, "free_item": 20.0, "service": 0.0}
    refs = [f"O{number}" for number in range(1, offers + 1)]
    return TermsTable(
        terms_ids=np.arange(1, offers + 1),
        offer_refs=refs,
        names=refs,
        kinds=kinds,
        departments=departments,
        value=depth * np.array([value[kind] for kind in kinds]),
        minimum_spend=np.zeros(offers),
        reward_cost=np.where(np.array(kinds) == "points", depth * 4, 0.0),
        valid_from=np.full(offers, DAY - 7, dtype=np.int32),
        valid_until=np.full(offers, FOREVER, dtype=np.int32),
        limit_per_member=np.zeros(offers, dtype=np.int32),
        limit_total=np.full(offers, -1, dtype=np.int64),
        budget=np.full(offers, np.nan),
        rules=[None] * offers,
        age_restricted=np.zeros(offers, dtype=np.bool_),
        channels=[frozenset({"email"})] * offers,
        contains=[frozenset()] * offers,
    )
