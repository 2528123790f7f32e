import datetime as dt

import numpy as np
import pytest
from django.template.loader import render_to_string

from campaigns import member_scores
from campaigns.models import Scorer
from campaigns.scoring import basis, outlook
from tests import making
from tests.offers.rules.tables import profiles

pytestmark = pytest.mark.django_db

DAYS = 90
NAN = np.nan


@pytest.fixture
def in_use() -> list[Scorer]:
    """A scorer of either kind, learned from members of whom those who were here lately come again and spend."""
    recency = np.linspace(1, 89, 400)
    members = profiles(400, recency_days=recency)
    came = recency < 45
    known = basis.fitted(members)
    learned = {
        kind: outlook.learn(kind, known, members, came, 10.0 * came, window_days=DAYS) for kind in ("churn", "lifetime")
    }
    return [
        making.scorer(purpose=kind, kind=kind, state=Scorer.State.CHAMPION, parameters=each.to_json())
        for kind, each in learned.items()
    ]


def scores(recency: float) -> dict[str, member_scores.MemberScore]:
    return {each.scorer.purpose: each for each in member_scores.of(profiles(1, recency_days=[recency]))}


def test_a_score_names_its_scorer_its_day_and_how_far_it_looks(in_use):
    found = scores(3.0)["churn"]
    assert (found.scorer, found.as_of, found.window_days) == (in_use[0], dt.date(2026, 1, 1), DAYS)
    assert 0 < found.value < 1


def test_who_stayed_away_already_has_no_chance_of_it_and_the_reason_is_told(in_use):
    found = scores(200.0)
    assert (found["churn"].value, found["churn"].why_not) == (None, member_scores.NOT_ACTIVE)
    assert found["lifetime"].value >= 0


def test_who_never_bought_has_no_score(in_use):
    assert {each.why_not for each in scores(NAN).values()} == {member_scores.NEVER_BOUGHT}


def test_without_a_profile_or_a_scorer_there_is_none(db):
    assert member_scores.of(None) == []
    assert scores(3.0) == {}


def test_the_part_says_what_is_expected(in_use):
    told = member_scores.of(profiles(1, recency_days=[3.0]))
    part = " ".join(render_to_string("campaigns/_member_scores.html", {"member_scores": told}).split())
    assert "Stays away for 90 days" in part
    assert "Brings in 90 days" in part
    assert f'href="/scorers/{in_use[1].pk}/"' in part


def test_the_part_without_scorers_says_so(db):
    assert "No scorer of members is in use yet." in render_to_string("campaigns/_member_scores.html", {})
