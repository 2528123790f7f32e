"""Who redeemed what chance gave them took what they like: a scorer that knows it has it among the first."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.scores import Scores
from campaigns.training.next_offers import MOST, next_offers
from campaigns.training.past import Past
from tests.campaigns.training import worlds
from tests.offers.rules.tables import terms

OFFERS = 6
MEMBERS = 3_000


class Liking:
    """Thinks that a member redeems the offer of their liking and the two that follow it, or the others."""

    def __init__(self, *, knows: bool) -> None:
        self.knows = knows

    def scores(self, profiles, terms, *, contact_cost):
        liked = (np.arange(len(terms)) - profiles.member_ids[:, None]) % OFFERS < MOST
        redeem = np.where(liked == self.knows, 0.5, 0.1).astype(np.float32)
        return Scores(redeem, redeem, redeem)


class Indifferent:
    def scores(self, profiles, terms, *, contact_cost):
        same = np.full((len(profiles), len(terms)), 0.2, dtype=np.float32)
        return Scores(same, same, same)


def past(number: int = 0, *, offers: int = OFFERS, off: int = -1) -> Past:
    """One of so many offers each, by chance; all who like it redeem it, and nobody else. One may be `off`."""
    rng = np.random.default_rng(number)
    known = worlds.past(number, worlds.nothing, members=MEMBERS)
    chances = np.where(np.arange(offers) == off, 0.0, 0.1)[None, :]
    offer = rng.choice(np.flatnonzero(chances[0]), MEMBERS).astype(np.int32)
    liked = (offer - known.everyone.member_ids) % OFFERS < MOST
    return replace(
        known, offer=offer, chances=chances, redeemed=liked, terms=terms(offers, departments=["Coffee"] * offers)
    )


def rates(*past: Past) -> list[float]:
    found = next_offers(past, [Liking(knows=True), Liking(knows=False), Indifferent()])
    return [found.hit_rate(at).value for at in range(3)]


def test_who_knows_what_members_like_is_always_right_and_who_is_mistaken_never():
    assert rates(past())[:2] == [1.0, 0.0]


def test_who_tells_nobody_apart_is_right_by_chance():
    assert rates(past())[2] == pytest.approx(MOST / OFFERS)


def test_an_offer_that_chance_could_not_have_given_takes_no_place():
    assert rates(past(off=0))[2] == pytest.approx(MOST / (OFFERS - 1))


def test_runs_with_different_offers_count_together():
    few, many = past(0, offers=MOST + 1), past(1)
    redeemed = np.array([few.redeemed.sum(), many.redeemed.sum()])
    chance = np.array([MOST / (MOST + 1), MOST / OFFERS])
    assert rates(few, many)[2] == pytest.approx(float(redeemed @ chance / redeemed.sum()))


def test_of_a_run_with_few_offers_nothing_is_told():
    with pytest.raises(NotMeasured, match="No run"):
        rates(past(offers=MOST))


def test_where_nobody_redeemed_nothing_is_told():
    with pytest.raises(NotMeasured, match="Nobody took"):
        rates(replace(past(), redeemed=np.zeros(MEMBERS, dtype=bool)))
