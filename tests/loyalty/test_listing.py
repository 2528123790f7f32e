import pytest

from loyalty import listing
from loyalty.listing import UpTo, Wanted
from loyalty.models import Store
from tests import making

pytestmark = pytest.mark.django_db


def refs(**wanted):
    return [member.ref for member in listing.listed(Wanted(**wanted))]


@pytest.fixture
def three():
    north = Store.objects.create(ref="n", name="North")
    making.member(ref="L-1", tier="gold", joined_on="2025-01-01")
    making.member(ref="K-2", tier="silver", home_store=north)
    making.member(ref="K-1", tier="gold", joined_on="2024-01-01", home_store=north)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["K-1", "K-2", "L-1"]),
        ({"text": "k"}, ["K-1", "K-2"]),
        ({"text": "1"}, []),
        ({"tier": "gold"}, ["K-1", "L-1"]),
        ({"tier": "gold", "store": "n"}, ["K-1"]),
        ({"sort": "-ref"}, ["L-1", "K-2", "K-1"]),
        ({"sort": "joined_on"}, ["K-1", "L-1", "K-2"]),
        ({"sort": "-joined_on"}, ["L-1", "K-1", "K-2"]),
        ({"sort": "home_store"}, ["K-1", "K-2", "L-1"]),
        ({"sort": "nonsense"}, ["K-1", "K-2", "L-1"]),
    ],
)
def test_members_are_found_filtered_and_sorted(three, wanted, found):
    assert refs(**wanted) == found


@pytest.mark.parametrize(("counted", "count", "has_more"), [(2, 2, True), (3, 3, False)])
def test_members_are_counted_only_as_far_as_anybody_pages(three, monkeypatch, counted, count, has_more):
    monkeypatch.setattr(listing, "COUNTED", counted)
    pages = UpTo(listing.listed(Wanted()), 50)
    assert (pages.count, pages.has_more) == (count, has_more)
