import datetime as dt

import numpy as np
import pytest

from campaigns import scorers
from campaigns.models import Scorer
from campaigns.training import outlooks
from loyalty import profiles
from loyalty.models import Member, Purchase, Snapshot
from tests import making

pytestmark = pytest.mark.django_db

TODAY = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAYS = 120
State = Scorer.State


@pytest.fixture
def shop(settings, tmp_path):
    """Members who come so often for a while, by `comes(rng)`: every how many days, until which day of DAYS."""
    settings.DATA = tmp_path

    def open_(comes, count: int = 400) -> None:
        rng = np.random.default_rng(3)
        members = Member.objects.bulk_create(Member(ref=f"s{number}") for number in range(count))
        Purchase.objects.bulk_create(
            Purchase(
                line_ref=f"{member.pk}-{day}",
                basket_ref=f"{member.pk}-{day}",
                member=member,
                purchased_at=TODAY - (DAYS - day) * making.DAY,
                quantity=1,
                net_amount="12",
                margin_amount="3",
            )
            for member in members
            for day in comes(rng)
            if day < DAYS
        )

    return open_


def regular_or_not(rng) -> list[int]:
    """Some come every 25 days for good, others every other day until they leave: recency alone tells little."""
    if rng.random() < 0.5:
        return list(range(rng.integers(25), DAYS, 25))
    return list(range(rng.integers(2), rng.integers(25, 2 * DAYS), 2))


def by_chance(rng) -> list[int]:
    """Nobody differs from anybody."""
    return np.flatnonzero(rng.random(DAYS) < 0.04).tolist()


def trained(kind: str, at=TODAY) -> tuple[Scorer, str]:
    (sentence,) = outlooks.train(kind, at=at, report=lambda _: None)
    return Scorer.objects.filter(purpose=kind).first(), sentence


@pytest.mark.parametrize("kind", ["churn", "lifetime"])
def test_an_outlook_that_tells_more_than_a_simple_rule_comes_into_use(shop, kind):
    shop(regular_or_not)
    scorer, sentence = trained(kind)
    assert scorer.state == State.CHAMPION, sentence
    assert scorer.card["judged"]["since"] == "2026-02-02"
    assert scorer.card["learned"]["since"] == "2026-01-05"


@pytest.mark.parametrize("kind", ["churn", "lifetime"])
def test_where_nobody_differs_no_outlook_comes_into_use(shop, kind):
    shop(by_chance)
    scorer, _ = trained(kind)
    assert scorer.state == State.REJECTED
    assert "includes 0 proves no gain" in scorer.verdict


def test_scores_come_back_from_the_record_and_tell_who_stays_away(shop):
    shop(regular_or_not)
    scorer, _ = trained("churn")
    today = profiles.opened(profiles.build(TODAY.date(), at=TODAY), on=TODAY.date())
    found, recency = scorers.outlook(scorer).scores(today), today.column("recency_days")
    assert np.isnan(found[recency > 28]).all()
    visits = today.column("baskets_90")
    assert np.nanmean(found[(visits < 5) & (recency > 5)]) < 0.2 < 0.8 < np.nanmean(found[(visits > 8) & (recency > 5)])


def test_too_short_a_past_is_said(shop):
    shop(lambda rng: [DAYS - 50])
    assert outlooks.train("churn", at=TODAY, report=lambda _: None) == [
        "Who is about to stay away: purchases are known of too few days to learn from; 84 are needed."
    ]
    assert not Scorer.objects.exists()


def test_days_of_which_there_is_nobody_to_judge_by_are_told(shop):
    shop(lambda rng: [0, 1, 2, DAYS - 1])
    (sentence,) = outlooks.train("churn", at=TODAY, report=lambda _: None)
    assert "Nobody had bought by 2 February 2026" in sentence or "same came of all" in sentence
    assert not Scorer.objects.exists()


def test_the_same_days_are_not_learned_from_again(shop):
    shop(regular_or_not)
    scorer, _ = trained("churn")
    assert trained("churn", at=TODAY + making.DAY) == (scorer, "Who is about to stay away: nothing new to learn from.")
    assert Snapshot.objects.count() == 2
