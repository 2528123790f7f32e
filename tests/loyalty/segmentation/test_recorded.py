import datetime as dt

import pytest

from loyalty import profiles, segmentation
from loyalty.segmentation import recorded
from tests import making

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 3)


@pytest.fixture
def members(settings, tmp_path):
    settings.DATA = tmp_path
    for tier in ("Gold", "Blue"):
        making.purchase(making.member(tier=tier), at=making.NOON)
    return profiles.opened(profiles.build(DAY, at=making.NOON), on=DAY)


def save(name, rule, segment=None):
    return segmentation.save(segment, name=name, rule=rule, by=None, at=making.NOON)


def tier(word):
    return {"all": [{"feature": "tier", "is": "equals", "value": word}]}


def asking(*versions):
    return {"any": [{"not": {"segment": each.segment_id}} for each in versions]}


def test_versions_asked_for_include_those_by_way_of_others_once_each(members):
    gold, blue = save("Gold", tier("Gold")), save("Blue", tier("Blue"))
    both = save("Both", asking(gold, blue))
    top = save("Top", asking(both, gold))
    assert recorded.asked_for(top) == [gold, blue, both]
    assert recorded.asked_for(gold) == []


def test_a_recorded_segment_is_found_as_it_was_and_another_as_it_is(members):
    was, other = save("Gold", tier("Gold")), save("Other", tier("Gold"))
    now, changed = save("Gold", tier("Blue"), was.segment), save("Other", tier("Blue"), other.segment)
    find = recorded.finding([was])
    assert (find(was.segment_id).rule, find(other.segment_id).rule) == (was.rule, changed.rule)
    assert recorded.finding([])(was.segment_id).rule == now.rule
    assert find(10**9) is None
