"""Rankers that learn from the same decisions in a planted world, and what the assignment by each of them is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Whole
from campaigns.assignment.solver import assign
from campaigns.scoring import affinity, uplift
from campaigns.scoring.basis import Basis
from campaigns.scoring.effects import usual_margin
from campaigns.scoring.history import History
from config.bench.planted import CONTACT_COST, World
from loyalty.profiling.table import Profiles

UPLIFT, PROPENSITY, AFFINITY = RANKERS = ("uplift", "propensity", "affinity")
SHARE_PER_OFFER, SHARE_REACHED = 0.1, 0.6
EXPLORED = 0.05
HURT = 0.01


@dataclass(frozen=True)
class Placed:
    """What a ranker's assignment is worth to us, as a share of what the assignment by the truth is worth under the same
    limits, and the same of what is `lost` by members who are harmed.

    Of so many `members` some are `harmed`: their offer brings us less than nothing, net of its reward and the contact;
    some of these are `hurt`: we lose more by them than HURT of what a member usually earns us. `random_harm` is the
    share of all offers to all members that harm, which is the chance that exploration does."""

    share: float
    lost: float
    members: int
    harmed: int
    hurt: int
    random_harm: float

    @property
    def harmed_exploring(self) -> float:
        """The share of members harmed where EXPLORED of them are given an offer at random."""
        return (1 - EXPLORED) * self.harmed / self.members + EXPLORED * self.random_harm


def together(found: Sequence[Placed]) -> Placed:
    """Of several worlds: means of shares, sums of members."""

    def mean(name: str) -> float:
        return float(np.mean([getattr(each, name) for each in found]))

    members, harmed, hurt = (sum(getattr(each, name) for each in found) for name in ("members", "harmed", "hurt"))
    return Placed(mean("share"), mean("lost"), members, harmed, hurt, mean("random_harm"))


def race(world: World, history: History, basis: Basis, later: Profiles) -> Mapping[str, Placed]:
    """Every ranker's assignment of the world's offers to members whom none has learned from, by name."""
    truth = world.truth(later).value
    best, usual = _values_given(truth, _assigned(truth)).sum(), usual_margin(history)
    values = _values(world, history, basis, later)
    return {name: _placed(truth, _assigned(values[name]), best=best, usual=usual) for name in RANKERS}


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


def _placed(truth: np.ndarray, offer: np.ndarray, *, best: float, usual: float) -> Placed:
    given = _values_given(truth, offer)
    return Placed(
        share=float(given.sum() / best),
        lost=float(-given[given < 0].sum() / best),
        members=len(offer),
        harmed=int((given < 0).sum()),
        hurt=int((given < -HURT * usual).sum()),
        random_harm=float((truth < 0).mean()),
    )


def _values_given(truth: np.ndarray, offer: np.ndarray) -> np.ndarray:
    """True values of what is given."""
    given = np.flatnonzero(offer >= 0)
    return np.asarray(truth[given, offer[given]])
