"""Later decisions as comparisons of one offer with nothing: by chance alone, so that they can judge a score of offers.

Whoever got an offer stands against those who got nothing and could have got it. A member held out stands so against
every offer, in a row for each; of very many such rows a random share is enough, and the probability says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from campaigns.scoring.draws import NOTHING
from campaigns.scoring.scores import Scores
from campaigns.training.past import Past
from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable

MOST_ROWS = 2_000_000
# What was usual of a member: taken off what came of a decision, it narrows every interval (Deng et al., 2013, WSDM).
BEFORE = "spend_90"


class Scoring(Protocol):
    """Whatever can be judged: scorers, and the simple ways they have to beat."""

    def scores(self, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores: ...


@dataclass(frozen=True, eq=False)
class Pairs:
    """n pairs of a member and an offer. What the decision left us, in money; whether the member was given the offer,
    and the probability of that rather than of nothing; whose it is; what was usual of them; whether it was redeemed.

    Of each of s scorers, (n, s): `value`, `expected` and `redeem` as in `Scores`.
    """

    outcome: NDArray[np.float64]
    treated: NDArray[np.bool_]
    probability: NDArray[np.float64]
    member: NDArray[np.int64]
    before: NDArray[np.float64]
    redeemed: NDArray[np.bool_]
    value: NDArray[np.float32]
    expected: NDArray[np.float32]
    redeem: NDArray[np.float32]

    def take(self, rows: NDArray[np.bool_]) -> "Pairs":
        return Pairs(*(getattr(self, field.name)[rows] for field in fields(self)))

    @property
    def adjusted(self) -> NDArray[np.float64]:
        """(n,) The outcome less what was usual of the member."""
        return less_what_was_usual(self.outcome, self.before)


def pairs(past: Sequence[Past], scorers: Sequence[Scoring], *, rng: Generator) -> Pairs:
    """Every comparison that the decisions of these runs, one at the least, allow; those of runs that held nobody out
    tell of redemptions alone, and have probability 1."""
    share = _share_of_held_out(past)
    found = [_pairs(part, scorers, share, rng) for run in past for part in run.blocks()]
    return Pairs(*(np.concatenate([getattr(each, field.name) for each in found]) for field in fields(Pairs)))


def _share_of_held_out(past: Sequence[Past]) -> float:
    """Of the rows that held-out members have, how many are made."""
    rows = sum(int((run.offer == NOTHING).sum()) * len(run.terms) for run in past)
    return min(1.0, MOST_ROWS / rows) if rows else 1.0


def _pairs(part: Past, scorers: Sequence[Scoring], share: float, rng: Generator) -> Pairs:
    chances = part.chances[part.design]
    nothing = np.maximum(1 - chances.sum(axis=1), 0.0)
    is_given = part.offer[:, None] == np.arange(len(part.terms))
    stands_against = (part.offer == NOTHING)[:, None] & (chances > 0) & (rng.random(chances.shape) < share)
    row, offer = np.nonzero(is_given | stands_against)
    chance = chances[row, offer]
    scored = [each.scores(part.profiles, part.terms, contact_cost=0.0) for each in scorers]
    return Pairs(
        outcome=part.net[row],
        treated=is_given[row, offer],
        probability=chance / (chance + share * nothing[row]),
        member=part.profiles.member_ids[row],
        before=before(part)[row],
        redeemed=part.redeemed[row] & is_given[row, offer],
        **{
            name: _columns([getattr(each, name)[row, offer] for each in scored])
            for name in ("value", "expected", "redeem")
        },
    )


def before(part: Past) -> NDArray[np.float64]:
    """(m,) What was usual of the members in the period before."""
    if BEFORE not in part.profiles.columns:
        return np.zeros(len(part))
    return np.nan_to_num(np.asarray(part.profiles.column(BEFORE), dtype=np.float64))


def less_what_was_usual(outcome: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) What came, less what the member's past says of it: chance decided later, so no comparison moves by that."""
    spread = float(before.var())
    slope = float(np.cov(before, outcome)[0, 1]) / spread if spread > 0 else 0.0
    return np.asarray(outcome - slope * (before - before.mean()))


def _columns(scores: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.stack(scores, axis=1)
