import datetime as dt

import pytest

from loyalty import knowledge, profiles, segmentation
from tests import making

pytestmark = pytest.mark.django_db

RECENT = {"all": [{"feature": "recency_days", "is": "at_most", "value": 10}]}


@pytest.fixture
def iris(settings, tmp_path):
    settings.DATA = tmp_path
    iris = making.member(tier="gold")
    making.purchase(iris, at=making.NOON - 5 * making.DAY, product=making.product())
    return iris


def build():
    return profiles.build(dt.date(2026, 3, 3), at=making.NOON)


def test_nothing_is_known_while_there_are_no_profiles(iris):
    assert knowledge.facts(knowledge.profile_of(iris)) == []


def test_nothing_is_known_of_who_came_after_the_profiles(iris):
    build()
    assert knowledge.profile_of(making.member()) is None


def test_facts_stand_under_their_themes_with_the_sentence_for_the_member(iris):
    build()
    facts = dict(knowledge.facts(knowledge.profile_of(iris)))
    assert [fact.sentence for fact in facts["Membership"]] == ["Your tier is gold."]


def test_what_is_not_known_is_left_out(iris):
    build()
    names = {fact.feature.name for _, found in knowledge.facts(knowledge.profile_of(iris)) for fact in found}
    assert "recency_days" in names
    assert "age" not in names


def test_a_member_is_in_the_segments_whose_newest_version_holds(iris, mara):
    build()
    mine, other = (segmentation.save(None, name=name, rule=RECENT, by=mara, at=making.NOON) for name in ("A", "B"))
    nobody = {"all": [{"feature": "recency_days", "is": "at_least", "value": 99}]}
    segmentation.save(other.segment, name="B", rule=nobody, by=mara, at=making.NOON)
    found = knowledge.memberships(knowledge.profile_of(iris))
    assert [each.segment for each in found] == [mine.segment]


def test_a_segment_whose_rule_no_longer_reads_holds_for_nobody(iris, mara):
    build()
    version = segmentation.save(None, name="A", rule=RECENT, by=mara, at=making.NOON)
    version.rule = {"all": [{"feature": "attr_gone", "is": "known"}]}
    version.save()
    assert knowledge.memberships(knowledge.profile_of(iris)) == []


def test_the_value_that_decided_is_told_with_the_segment(iris, mara):
    build()
    segmentation.save(None, name="A", rule=RECENT, by=mara, at=making.NOON)
    (found,) = knowledge.memberships(knowledge.profile_of(iris))
    assert found.why == "Days since last purchase is 6, which is at most 10."
