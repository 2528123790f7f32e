import datetime as dt

import numpy as np
import pytest

from campaigns import member_features
from campaigns.models import Scorer
from campaigns.scoring.outlook import Outlook
from loyalty import profiles
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles
from tests import making

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 3, 3)


@pytest.fixture
def visitors() -> list[int]:
    """Members who were last here 1, 21, 41, 61 and 81 days ago, and one who never was."""
    members = [making.member() for _ in range(6)]
    for weeks, one in enumerate(members[:5]):
        making.purchase(one, at=making.NOON - (20 * weeks + 1) * making.DAY)
    return [one.pk for one in members]


@pytest.fixture
def built(settings, tmp_path, visitors) -> Profiles:
    settings.DATA = tmp_path
    return profiles.opened(profiles.build(AS_OF, at=making.NOON), on=AS_OF)


def test_profiles_hold_what_the_scorers_in_use_expect(scorers_of_members, built):
    churn, lifetime = (Outlook.from_json(each.parameters) for each in scorers_of_members)
    found = {name: built.column(name) for name in (member_features.CHURN_CHANCE, member_features.EXPECTED_MARGIN)}
    assert np.allclose(found["churn_chance"], churn.scores(built), atol=0.0005, equal_nan=True)
    assert np.allclose(found["expected_margin"], lifetime.scores(built), atol=0.005, equal_nan=True)
    assert np.isnan(found["churn_chance"]).tolist() == [False] * 5 + [True]


def test_a_segment_may_ask_for_them(scorers_of_members, built, visitors):
    chances = built.column("churn_chance")
    asked = {"feature": "churn_chance", "is": "at_least", "value": float(chances[3])}
    rule = segments.parse(asked, built.features, built.vocabularies)
    assert built.member_ids[segments.matching(rule, built)].tolist() == visitors[3:5]
    assert chances[2] < chances[3] < chances[4]


def test_the_feature_names_the_scorer_and_its_day(scorers_of_members, built):
    scorer = scorers_of_members[0]
    trained = f"{scorer.trained_at:%-d %B %Y}"
    assert built.features["churn_chance"].source == f"scorer {scorer.pk}, trained on {trained}"


def test_without_scorers_in_use_profiles_say_nothing_of_it(built):
    assert not {"churn_chance", "expected_margin"} & set(built.columns)


def test_a_scorer_that_was_replaced_is_not_asked(scorers_of_members, settings, tmp_path, visitors):
    settings.DATA = tmp_path
    Scorer.objects.filter(pk=scorers_of_members[0].pk).update(state=Scorer.State.RETIRED)
    known = profiles.opened(profiles.build(AS_OF, at=making.NOON), on=AS_OF)
    assert "churn_chance" not in known.columns
    assert "expected_margin" in known.columns
