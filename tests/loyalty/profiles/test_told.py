"""What members told us, in the snapshot and so in segments, and what of it never gets there."""

import datetime as dt

import pytest

from loyalty import profiles, segmentation, stated
from loyalty.models import Member, Snapshot
from loyalty.profiling import segments
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db

TODAY, TOMORROW = NOON.date(), (NOON + DAY).date()


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    settings.RETAILER_SIZES = {"Shoes": ["36", "37"]}
    making.product(category="Tea > Green")


def tell(member: Member, topic: str, *values: str, at: dt.datetime = NOON) -> None:
    stated.tell(member, topic, values, source="test", at=at)


def built(on: dt.date = TOMORROW):
    profiles.build(on, at=NOON)
    return profiles.opened(Snapshot.objects.latest_ready(), on=on)


def test_what_members_told_us_is_in_their_row():
    fan, other = making.member(), making.member()
    tell(fan, "interest", "Tea")
    tell(fan, "size", "Shoes: 37")
    tell(other, "sustainable", "first")
    found = built()
    told = [{name: row[name] for name in row if name in TOLD} for row in (found.row(0), found.row(1))]
    assert told == [dict(zip(TOLD, (True, "37", None), strict=True)), dict(zip(TOLD, (None, None, True), strict=True))]


TOLD = ("interest:Tea", "size:Shoes", "sustainable_first")


def test_what_they_do_not_eat_is_in_no_snapshot():
    member = making.member()
    tell(member, "diet", "pork", "alcohol")
    found = built()
    assert not [name for name in found.features if name.startswith(("diet", "avoids"))]
    assert "pork" not in str(found.vocabularies)


@pytest.mark.parametrize("name", ["avoids", "diet", "diet:pork"])
def test_no_segment_asks_for_what_they_do_not_eat(name):
    tell(making.member(), "diet", "pork")
    with pytest.raises(segments.RuleError, match="There is no feature"):
        segments.parse({"feature": name, "is": "known"}, built().features, {})


def test_a_segment_finds_those_who_told_us_they_like_something(mara):
    fan, _ = making.member(), making.member()
    tell(fan, "interest", "Tea")
    found = built()
    rule = segmentation.parsed({"feature": "interest:Tea", "is": "equals", "value": True}, found)
    assert found.member_ids[segments.matching(rule, found)].tolist() == [fan.pk]
    assert segments.explain(rule, found, 0).sentence == "Told us they like Tea is yes."


def test_a_column_stays_when_everybody_took_it_back():
    member = making.member()
    tell(member, "interest", "Tea")
    tell(member, "interest")
    assert built().row(0)["interest:Tea"] is None


def test_what_is_told_on_a_day_is_not_known_at_its_start():
    tell(making.member(), "interest", "Tea")
    assert built(TODAY).row(0)["interest:Tea"] is None
    assert built(TOMORROW).row(0)["interest:Tea"] is True


def test_without_anything_told_profiles_are_as_they_were():
    making.member()
    assert not set(TOLD) & set(built().columns)


def test_a_size_that_is_no_longer_asked_for_keeps_its_word(settings):
    member = making.member()
    tell(member, "size", "Shoes: 37")
    settings.RETAILER_SIZES = {"Shoes": ["40"]}
    found = built()
    assert (found.vocabularies["size:Shoes"], found.row(0)["size:Shoes"]) == (("40", "37"), "37")
