"""What members bought and did, as the record has it, asked of the profiles that are built from it."""

import datetime as dt

import pytest

from loyalty import identity, profiles
from loyalty.models import Event, Store
from loyalty.profiles import extent
from loyalty.profiling import segments
from tests import making

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 3, 3)
BEANS = {"bought": "product", "named": ["beans"], "times": 1}


@pytest.fixture
def built(settings, tmp_path):
    settings.DATA = tmp_path
    return lambda: profiles.opened(profiles.build(AS_OF, at=making.NOON), on=AS_OF)


@pytest.fixture
def beans():
    return making.product(ref="beans", name="Beans", category="Grocery>Coffee", brand="Alma")


def who(found, **rule):
    tree = segments.parse(rule, found.features, found.vocabularies)
    return found.member_ids[segments.matching(tree, found)].tolist()


@pytest.mark.parametrize(
    "asked",
    [
        {"bought": "anything", "times": 1},
        {"bought": "category", "named": ["Grocery"], "times": 1},
        {"bought": "category", "named": ["Grocery > Coffee"], "amount": 12.3456},
        {"bought": "brand", "named": ["Alma"], "times": 1, "days": 4},
        {"bought": "product", "named": ["beans"], "times": 1, "channel": "online"},
        {"bought": "product", "named": ["beans"], "times": 1, "store": "Leeds Centre"},
    ],
)
def test_a_purchase_is_found_by_all_that_the_record_says_of_it(asked, built, beans):
    member = making.member()
    making.member()
    store = Store.objects.create(ref="s", name="Leeds Centre")
    Store.objects.create(ref="a", name="Aberdeen")
    making.purchase(
        member, at=making.NOON - 3 * making.DAY, net="12.3456", product=beans, store=store, channel="online"
    )
    assert who(built(), **asked) == [member.pk]


@pytest.mark.parametrize(
    "asked",
    [
        {"bought": "category", "named": ["Tea"], "times": 1},
        {"bought": "category", "named": ["Grocery"], "amount": 12.3457},
        {"bought": "brand", "named": ["Alma"], "times": 1, "days": 3},
        {"bought": "product", "named": ["beans"], "times": 1, "channel": "store"},
        {"bought": "product", "named": ["beans"], "times": 1, "store": "Leeds Centre"},
        {"bought": "product", "named": ["beans"], "times": 2},
    ],
)
def test_a_purchase_is_not_found_by_what_the_record_does_not_say_of_it(asked, built, beans):
    making.product(ref="green", name="Green", category="Tea", brand="")
    Store.objects.create(ref="s", name="Leeds Centre")
    making.purchase(making.member(), at=making.NOON - 3 * making.DAY, net="12.3456", product=beans, channel="online")
    assert who(built(), **asked) == []


def test_the_purchases_of_merged_members_are_one_persons(built, beans):
    member, other = making.member(), making.member()
    for of, days in ((member, 2), (other, 3)):
        making.purchase(of, at=making.NOON - days * making.DAY, product=beans)
    identity.merge(member, other, by=None, at=making.NOON, why="test")
    assert who(built(), **{**BEANS, "times": 2}) == [member.pk]


def test_lines_of_one_basket_are_one_basket_however_they_are_read(built, beans, monkeypatch):
    monkeypatch.setattr(extent, "ROWS_PER_BLOCK", 1)
    member = making.member()
    for _ in range(3):
        making.purchase(member, at=making.NOON - making.DAY, product=beans, basket_ref="b")
    found = built()
    assert (who(found, **BEANS), who(found, **{**BEANS, "times": 2})) == ([member.pk], [])


@pytest.mark.parametrize(
    ("asked", "is_met"),
    [
        ({"event": "wish", "times": 2}, True),
        ({"event": "wish", "times": 3}, False),
        ({"event": "wish", "times": 1, "channel": "app"}, True),
        ({"event": "wish", "times": 2, "channel": "app"}, False),
        ({"event": "wish", "times": 1, "days": 4}, True),
        ({"event": "wish", "times": 1, "days": 3}, False),
        ({"event": "search", "times": 1}, False),
    ],
)
def test_events_of_a_retailers_own_kind_are_found(asked, is_met, built):
    member, other = making.member(), making.member()
    for days, channel in ((3, "app"), (40, "")):
        Event.objects.create(
            ref=str(days), member=member, at=making.NOON - days * making.DAY, kind="wish", channel=channel
        )
    Event.objects.create(ref="s", member=other, at=making.NOON - making.DAY, kind="search")
    assert (member.pk in who(built(), **asked)) == is_met


def test_what_happened_on_the_day_itself_is_not_yet_known(built, beans):
    making.purchase(making.member(), at=dt.datetime(2026, 3, 3, 0, 0, tzinfo=dt.UTC), product=beans)
    assert who(built(), **BEANS) == []
