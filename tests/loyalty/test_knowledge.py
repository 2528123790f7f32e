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


def profile_of(member, on=dt.date(2026, 3, 3)):
    return knowledge.profile_of(member, on=on)


def test_nothing_is_known_while_there_are_no_profiles(iris):
    assert knowledge.facts(profile_of(iris)) == []


def test_nothing_is_known_of_who_came_after_the_profiles(iris):
    build()
    assert profile_of(making.member()) is None


def test_facts_stand_under_their_themes_with_the_sentence_for_the_member(iris):
    build()
    facts = dict(knowledge.facts(profile_of(iris)))
    assert [fact.sentence for fact in facts["Membership"]] == ["Your tier is gold."]


def test_what_is_not_known_is_left_out(iris):
    build()
    names = {fact.feature.name for _, found in knowledge.facts(profile_of(iris)) for fact in found}
    assert "recency_days" in names
    assert "age" not in names


def test_a_member_is_in_the_segments_whose_newest_version_holds(iris, mara):
    build()
    mine, other = (segmentation.save(None, name=name, rule=RECENT, by=mara, at=making.NOON) for name in ("A", "B"))
    nobody = {"all": [{"feature": "recency_days", "is": "at_least", "value": 99}]}
    segmentation.save(other.segment, name="B", rule=nobody, by=mara, at=making.NOON)
    found = knowledge.memberships(profile_of(iris))
    assert [each.segment for each in found.inside] == [mine.segment]


def test_however_many_segments_and_versions_there_are_they_are_asked_for_once(iris, mara, django_assert_num_queries):
    build()
    for name in ("A", "B"):
        first = segmentation.save(None, name=name, rule=RECENT, by=mara, at=making.NOON)
        asking = {"segment": first.segment_id}
        segmentation.save(None, name=f"In {name}", rule=asking, by=mara, at=making.NOON)
        segmentation.save(first.segment, name=name, rule=RECENT["all"][0], by=mara, at=making.NOON)
    profile = profile_of(iris)
    with django_assert_num_queries(1):
        found = knowledge.memberships(profile)
    assert [each.segment.name for each in found.inside] == ["A", "B", "In A", "In B"]


def test_why_a_member_is_out_of_the_others_is_told_too(iris, mara):
    build()
    rule = {"all": [{"feature": "recency_days", "is": "at_least", "value": 99}]}
    segmentation.save(None, name="Gone", rule=rule, by=mara, at=making.NOON)
    (out,) = knowledge.memberships(profile_of(iris)).outside
    assert (out.segment.name, out.why) == ("Gone", "Days since last purchase is 6, which is not at least 99.")


def test_a_segment_whose_rule_no_longer_reads_holds_for_nobody(iris, mara):
    build()
    version = segmentation.save(None, name="A", rule=RECENT, by=mara, at=making.NOON)
    version.rule = {"all": [{"feature": "attr_gone", "is": "known"}]}
    version.save()
    assert knowledge.memberships(profile_of(iris)) == ([], [])


def test_the_value_that_decided_is_told_with_the_segment(iris, mara):
    build()
    segmentation.save(None, name="A", rule=RECENT, by=mara, at=making.NOON)
    (found,) = knowledge.memberships(profile_of(iris)).inside
    assert found.why == "Days since last purchase is 6, which is at most 10."


def test_shopping_is_told_by_department_and_window_the_largest_first(iris):
    for name, category, net in (("Jam", "Pantry", "7"), ("Soap", "Household", "2")):
        product = making.product(name=name, category=category)
        making.purchase(iris, at=making.NOON - 40 * making.DAY, net=net, product=product)
    build()
    found = knowledge.shopping(profile_of(iris))
    assert [each.department for each in found.departments] == ["Coffee", "Pantry", "Household"]
    assert found.departments[1].windows == [(30, 0, 0.0), (90, 1, 7.0), (365, 1, 7.0)]
    assert found.everything == [(30, 1, 10.0), (90, 3, 19.0), (365, 3, 19.0)]


def test_departments_of_others_alone_are_told_as_such(iris):
    making.purchase(making.member(), at=making.NOON - making.DAY, product=making.product(category="Garden"))
    build()
    found = knowledge.shopping(profile_of(iris))
    assert found.nothing_of == ["Garden"]
    assert [each.department for each in found.departments] == ["Coffee"]


def test_what_is_told_as_shopping_is_not_told_again(iris):
    build()
    names = {fact.feature.name for _, found in knowledge.facts(profile_of(iris)) for fact in found}
    assert names.isdisjoint({"spend_30", "baskets_365", "affinity:Coffee", "bought_90:Coffee"})


def test_no_shopping_is_told_of_whom_no_profile_knows():
    assert knowledge.shopping(None) is None


def test_silence_of_a_feed_is_told_once(iris):
    profiles.build(dt.date(2026, 4, 1), at=making.NOON + 30 * making.DAY)
    ((said, fields),) = knowledge.outdated(profile_of(iris)).items()
    assert said.startswith("The newest purchases are of 25 February 2026")
    assert {"Days since last purchase", "What they buy"} <= set(fields)


def test_days_after_the_profiles_what_went_stale_is_named_and_unknown(iris):
    build()
    late = profile_of(iris, on=dt.date(2026, 3, 12))
    (fields,) = knowledge.outdated(late).values()
    assert "Lifecycle stage" in fields
    assert "recency_days" not in {fact.feature.name for _, found in knowledge.facts(late) for fact in found}
    assert knowledge.outdated(profile_of(iris)) == {}
