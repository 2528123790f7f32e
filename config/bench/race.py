"""Rankers that learn from the same decisions in a planted world, and what the assignment by each of them is worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Whole
from campaigns.assignment.solver import assign
from campaigns.scoring import affinity, uplift
from campaigns.scoring.basis import Basis
from campaigns.scoring.history import History
from config.bench.planted import CONTACT_COST, World
from loyalty.profiling.table import Profiles

UPLIFT, PROPENSITY, AFFINITY = RANKERS = ("uplift", "propensity", "affinity")
SHARE_PER_OFFER, SHARE_REACHED = 0.1, 0.6


@dataclass(frozen=True)
class Placed:
    """What a ranker's assignment is worth, as a share of what the assignment by the truth is worth under the same
    limits; and the share of members who are given an offer that harms."""

    share: float
    harmed: float


def race(world: World, history: History, basis: Basis, later: Profiles) -> Mapping[str, Placed]:
    """Every ranker's assignment of the world's offers to members whom none has learned from, by name."""
    truth = world.truth(later).value
    best = _value(truth, _assigned(truth))
    values = _values(world, history, basis, later)
    return {name: _placed(truth, _assigned(values[name]), best) for name in RANKERS}


def _values(world: World, history: History, basis: Basis, later: Profiles) -> dict[str, np.ndarray]:
    """By propensity, who is likeliest to redeem an offer is the first to have it; the probabilities are of the same
    scorer, whose margins it leaves aside."""
    learned = uplift.learn(history, basis).scores(later, world.terms, contact_cost=CONTACT_COST)
    by_affinity = affinity.learn(history).scores(later, world.terms, contact_cost=CONTACT_COST)
    return {UPLIFT: learned.value, PROPENSITY: learned.redeem, AFFINITY: by_affinity.value}


def _assigned(values: np.ndarray) -> np.ndarray:
    """(n,) the offer of each member, -1 for none, under limits per offer and over all."""
    members, offers = values.shape
    limits = Constraints(
        count_limit=np.full(offers, int(SHARE_PER_OFFER * members)),
        budget=np.full(offers, np.nan),
        contacts=int(SHARE_REACHED * members),
    )
    value = values.astype(np.float32)
    pairs = Whole(value, np.zeros_like(value), tie=np.arange(members, dtype=np.uint64))
    return assign(pairs, limits).offer[:, 0]


def _placed(truth: np.ndarray, offer: np.ndarray, best: float) -> Placed:
    given = offer >= 0
    harmed = truth[given, offer[given]] < 0
    return Placed(_value(truth, offer) / best, float(harmed.sum() / len(offer)))


def _value(truth: np.ndarray, offer: np.ndarray) -> float:
    given = np.flatnonzero(offer >= 0)
    return float(truth[given, offer[given]].sum())
