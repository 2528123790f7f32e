import datetime as dt

import pytest

from loyalty import identity, profiles
from loyalty.models import Event, Store
from loyalty.profiles import extent
from tests import making

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 3, 3)


@pytest.fixture
def built(settings, tmp_path):
    settings.DATA = tmp_path
    return lambda: profiles.opened(profiles.build(AS_OF, at=making.NOON), on=AS_OF)


def value(of, member, name):
    return of.value(name, of.position(member.pk))


def test_a_purchase_becomes_recency_spend_and_department(built):
    member = making.member()
    making.purchase(member, at=making.NOON - 3 * making.DAY, net="12.3456", product=making.product())
    found = built()
    assert (value(found, member, "recency_days"), value(found, member, "spend_365")) == (4, 12.3456)
    assert value(found, member, "top_category") == "Coffee"


def test_a_purchase_without_a_member_counts_in_no_profile(built):
    member = making.member()
    making.purchase(None, at=making.NOON - making.DAY)
    assert value(built(), member, "baskets_total") == 0


def test_a_purchase_without_a_product_is_of_no_department(built):
    member, other = making.member(), making.member()
    making.purchase(member, at=making.NOON - making.DAY)
    making.purchase(other, at=making.NOON - making.DAY, product=making.product())
    found = built()
    assert [value(found, of, "top_category") for of in (member, other)] == [None, "Coffee"]


def test_what_happened_on_the_day_itself_is_not_yet_known(built):
    member = making.member()
    making.purchase(member, at=dt.datetime(2026, 3, 3, 0, 0, tzinfo=dt.UTC))
    assert value(built(), member, "baskets_total") == 0


def test_the_day_of_a_purchase_is_the_retailers(built, settings):
    """23:30 in London is the next day in Berlin, where this retailer is."""
    settings.TIME_ZONE = "Europe/Berlin"
    member = making.member()
    making.purchase(member, at=dt.datetime(2026, 2, 27, 23, 30, tzinfo=dt.UTC))
    assert value(built(), member, "recency_days") == 3


def test_lines_in_many_blocks_and_columns_laid_aside_are_the_same_profiles(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    members = [making.member() for _ in range(3)]
    for number in range(20):
        day = making.NOON - number * making.DAY
        making.purchase(
            members[number % 3], at=day, net=f"{number}.25", product=making.product() if number % 2 else None
        )
    whole = profiles.build(AS_OF, at=making.NOON)
    monkeypatch.setattr(extent, "ROWS_PER_BLOCK", 3)
    monkeypatch.setattr(profiles, "MEMBERS_IN_MEMORY", 0)
    pieces = profiles.build(AS_OF, at=making.NOON)
    assert written(whole) == written(pieces) != {}


def written(snapshot):
    return {file.name: file.read_bytes() for file in snapshot.path.glob("*.npy")}


def test_opened_messages_and_looks_are_counted_and_other_events_are_not(built):
    member = making.member()
    for days, kind in ((3, "open"), (40, "offer_viewed"), (1, "search")):
        Event.objects.create(ref=kind, member=member, at=making.NOON - days * making.DAY, kind=kind)
    found = built()
    assert [value(found, member, name) for name in ("opens_30", "views_30", "views_90")] == [1, 0, 1]
    assert value(found, member, "engaged_days") == 4


def test_the_events_of_merged_members_are_one_persons(built):
    member, other = making.member(), making.member()
    Event.objects.create(ref="e", member=other, at=making.NOON - making.DAY, kind="click")
    identity.merge(member, other, by=None, at=making.NOON, why="test")
    assert value(built(), member, "clicks_30") == 1


def test_purchases_of_long_ago_alone_are_taken_for_missing_and_said_to_be(built):
    member = making.member(tier="Gold")
    making.purchase(member, at=making.NOON - 9 * making.DAY)
    found = built()
    assert [value(found, member, name) for name in ("recency_days", "tier")] == [None, "Gold"]
    assert "purchases are of 21 February 2026" in found.features["recency_days"].stale


def test_members_have_the_area_they_live_in_and_the_region_they_shop_in(built):
    store = Store.objects.create(ref="s", name="Leeds Centre", region="North")
    member, other = making.member(postcode="LS2 7EE", home_store=store), making.member()
    found = built()
    assert [value(found, member, name) for name in ("postcode_area", "home_region")] == ["LS", "North"]
    assert [value(found, other, name) for name in ("postcode_area", "home_region")] == [None, None]


def test_rfm_is_cut_and_named_as_the_retailer_says(built, settings):
    settings.RETAILER_RFM = {"recency_days": [1, 2, 3, 4], "names": [["Away"] * 5] * 3 + [["Around"] * 5] * 2}
    members = [making.member() for _ in range(2)]
    for member, days in zip(members, (1, 6), strict=True):
        making.purchase(member, at=making.NOON - days * making.DAY)
    found = built()
    assert [value(found, member, "recency_score") for member in members] == [4, 1]
    assert [value(found, member, "rfm_cell") for member in members] == ["Around", "Away"]


def test_a_snapshot_is_opened_as_it_may_be_relied_on_at_a_later_day(settings, tmp_path):
    settings.DATA = tmp_path
    member = making.member()
    making.purchase(member, at=making.NOON - making.DAY)
    snapshot = profiles.build(AS_OF, at=making.NOON)
    later = AS_OF + dt.timedelta(days=6)
    assert value(profiles.opened(snapshot, on=AS_OF), member, "recency_days") == 2
    assert value(profiles.opened(snapshot, on=later), member, "recency_days") is None


def test_days_with_the_same_things_stale_share_their_profiles(settings, tmp_path):
    settings.DATA = tmp_path
    making.purchase(making.member(), at=making.NOON - making.DAY)
    snapshot = profiles.build(AS_OF, at=making.NOON)
    late, later = (profiles.opened(snapshot, on=AS_OF + dt.timedelta(days=days)) for days in (8, 30))
    assert late is later
    assert late is not profiles.opened(snapshot, on=AS_OF)


def test_own_columns_of_the_retailer_become_features(built):
    member = making.member(attributes={"vegan": True, "size": 42, "style": "plain"})
    other = making.member(attributes={"vegan": False})
    found = built()
    assert [value(found, member, f"attr_{name}") for name in ("vegan", "size", "style")] == [True, 42, "plain"]
    assert [value(found, other, f"attr_{name}") for name in ("vegan", "size", "style")] == [False, None, None]


def test_a_programme_without_members_has_an_empty_snapshot(built):
    assert len(built()) == 0
