import datetime as dt

import numpy as np
import pytest
from django.template.loader import render_to_string

from campaigns import member_scores
from tests.offers.rules.tables import profiles

pytestmark = pytest.mark.django_db

NAN = np.nan


def scores(recency: float) -> dict[str, member_scores.MemberScore]:
    return {each.scorer.purpose: each for each in member_scores.of(profiles(1, recency_days=[recency]))}


def test_a_score_names_its_scorer_its_day_and_how_far_it_looks(scorers_of_members):
    found = scores(3.0)["churn"]
    assert (found.scorer, found.as_of, found.window_days) == (scorers_of_members[0], dt.date(2026, 1, 1), 90)
    assert 0 < found.value < 1


def test_who_stayed_away_already_has_no_chance_of_it_and_the_reason_is_told(scorers_of_members):
    found = scores(200.0)
    assert (found["churn"].value, found["churn"].why_not) == (None, member_scores.NOT_ACTIVE)
    assert found["lifetime"].value >= 0


def test_who_never_bought_has_no_score(scorers_of_members):
    assert {each.why_not for each in scores(NAN).values()} == {member_scores.NEVER_BOUGHT}


def test_without_a_profile_or_a_scorer_there_is_none(db):
    assert member_scores.of(None) == []
    assert scores(3.0) == {}


def test_the_part_says_what_is_expected(scorers_of_members):
    told = member_scores.of(profiles(1, recency_days=[3.0]))
    part = " ".join(render_to_string("campaigns/_member_scores.html", {"member_scores": told}).split())
    assert "Stays away for 90 days" in part
    assert "Brings in 90 days" in part
    assert f'href="/scorers/{scorers_of_members[1].pk}/"' in part


BINS = [
    {"predicted": 0.1, "observed": {"value": 0.1, "low": 0.08, "high": 0.12}},
    {"predicted": 0.6, "observed": {"value": 0.5, "low": 0.44, "high": 0.57}},
    {"predicted": 0.7, "observed": None},
]


@pytest.mark.parametrize(("value", "low"), [(0.2, 0.08), (0.69, 0.44), (None, None)])
def test_what_is_expected_is_told_with_what_came_of_members_alike(scorers_of_members, value, low):
    (scorer, _) = scorers_of_members
    scorer.card = {"quality": {"calibration": BINS}}
    score = member_scores.MemberScore(scorer, value, 90, dt.date(2026, 1, 1))
    assert (score.alike or {}).get("low") == low


def test_a_scorer_that_was_not_judged_tells_nothing_of_members_alike(scorers_of_members):
    assert member_scores.MemberScore(scorers_of_members[0], 0.2, 90, dt.date(2026, 1, 1)).alike is None


def test_the_part_without_scorers_says_so(db):
    assert "No scorer of members is in use yet." in render_to_string(
        "campaigns/_member_scores.html", {"known": {"tier": "gold"}}
    )
