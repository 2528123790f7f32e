"""Whether what members took later was among the few offers that a scorer thought they would take soonest.

Chance gave each member an offer, and some redeemed it: of these it is known what they take. A scorer that tells members
apart has put that offer among the first for more of them than the popularity of offers does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import quality
from campaigns.scoring.draws import NOTHING
from campaigns.scoring.intervals import Estimate, NotMeasured
from campaigns.training.pairs import Scoring
from campaigns.training.past import Past

MOST = 3
TOO_FEW = f"No run that is judged by gave out more than {MOST} offers by chance."


@dataclass(frozen=True, eq=False)
class NextOffers:
    """Of n members who redeemed what chance gave them and s scorers: `taken` (n, k), and `likely` (s, n, k) how likely
    each offer is to be redeemed, −inf where chance could not have given it."""

    taken: NDArray[np.bool_]
    likely: NDArray[np.float32]

    def hit_rate(self, at: int) -> Estimate:
        """For what share of them it was among the MOST likeliest by one scorer."""
        if not self.taken.shape[1]:
            raise NotMeasured(TOO_FEW)
        return quality.hit_rate(self.taken, self.likely[at], most=MOST)


def next_offers(past: Sequence[Past], scorers: Sequence[Scoring]) -> NextOffers:
    """From runs with more offers than are looked at; of fewer, every order has all among the first."""
    many = [run for run in past if len(run.terms) > MOST]
    most = max((len(run.terms) for run in many), default=0)
    found = [
        (_taken(some, most), _likely(some, scorers, most))
        for run in many
        for part in run.blocks()
        if len(some := part.take(part.redeemed & (part.offer != NOTHING)))
    ]
    if not found:
        return NextOffers(np.zeros((0, most), dtype=bool), np.zeros((len(scorers), 0, most), dtype=np.float32))
    taken, likely = zip(*found, strict=True)
    return NextOffers(np.concatenate(taken), np.concatenate(likely, axis=1))


def _taken(part: Past, offers: int) -> NDArray[np.bool_]:
    return np.asarray(part.offer[:, None] == np.arange(offers))


def _likely(part: Past, scorers: Sequence[Scoring], offers: int) -> NDArray[np.float32]:
    """Another run may have more offers: those that this one lacks could not have been given."""
    found = np.full((len(scorers), len(part), offers), -np.inf, dtype=np.float32)
    could = part.chances[part.design] > 0
    for at, scorer in enumerate(scorers):
        redeem = scorer.scores(part.profiles, part.terms, contact_cost=0.0).redeem
        found[at, :, : len(part.terms)] = np.where(could, redeem, -np.inf)
    return found
