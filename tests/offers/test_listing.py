import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from loyalty.models import Product
from offers import approval, catalog, listing
from offers.listing import Wanted
from offers.models import Terms
from tests.offers.conftest import AT

pytestmark = pytest.mark.django_db

ON = dt.date(2025, 5, 5)


def refs(**wanted: str) -> list[str]:
    return [terms.offer.ref for terms in listing.listed(Wanted(**wanted), on=ON)]


def test_every_offer_is_listed_once(approved: Terms, milo: User, make: Callable[..., Terms]) -> None:
    catalog.revise(approved.offer, by=milo, at=AT)
    make("C2")
    assert sorted(refs()) == ["C1", "C2"]


def test_approved_terms_are_shown_before_a_newer_draft(approved: Terms, milo: User) -> None:
    catalog.revise(approved.offer, by=milo, at=AT)
    row = listing.listed(Wanted(), on=ON).get()
    assert (row.number, row.newest_number, row.newest_state) == (1, 2, "draft")


def test_offer_with_approved_terms_is_found_by_that_beside_a_draft(approved: Terms, milo: User) -> None:
    catalog.revise(approved.offer, by=milo, at=AT)
    assert refs(state="approved") == refs(state="draft") == ["C1"]


def test_waiting_offers_are_found(waiting: Terms, make: Callable[..., Terms]) -> None:
    make("C2")
    assert refs(state="submitted") == ["C1"]


def test_returned_offers_are_found(waiting: Terms, abel: User) -> None:
    approval.return_(waiting, by=abel, at=AT, comment="No.")
    assert refs(state="returned") == ["C1"]


def test_department_is_matched_whole(make: Callable[..., Terms]) -> None:
    make("A", category="Wine > Red")
    make("B", category="Wine and beer")
    assert refs(department="Wine") == ["A"]


@pytest.mark.parametrize(("validity", "ref"), [("live", "live"), ("coming", "coming"), ("over", "over")])
def test_validity_is_matched(make: Callable[..., Terms], validity: str, ref: str) -> None:
    make("live", valid_from=ON, valid_until=ON)
    make("coming", valid_from=ON + dt.timedelta(days=1), valid_until=None)
    make("over", valid_from=None, valid_until=ON - dt.timedelta(days=1))
    assert refs(validity=validity) == [ref]


def test_offer_without_dates_is_live(make: Callable[..., Terms]) -> None:
    make("always", valid_from=None, valid_until=None)
    assert refs(validity="live") == ["always"]


def test_every_word_of_a_search_is_needed(make: Callable[..., Terms]) -> None:
    make("A", name="Coffee week")
    make("B", name="Coffee month")
    assert refs(q="WEEK coffee") == ["A"]


@pytest.mark.parametrize("word", ["xy-7", "arabica", "hot"])
def test_search_reads_reference_product_and_category(make: Callable[..., Terms], word: str) -> None:
    product = Product.objects.create(ref="P1", name="Arabica", category="x")
    make("XY-7", category="Hot drinks", product=product)
    make("other", category="")
    assert refs(q=word) == ["XY-7"]


def test_percent_sign_in_a_search_is_just_a_sign(make: Callable[..., Terms]) -> None:
    make("A", name="100% juice")
    make("B", name="Juice")
    assert refs(q="%") == ["A"]


def test_rows_are_sorted_either_way(make: Callable[..., Terms]) -> None:
    make("A", valid_until=dt.date(2025, 6, 1))
    make("B", valid_until=dt.date(2025, 7, 1))
    assert (refs(sort="valid_until"), refs(sort="-valid_until")) == (["A", "B"], ["B", "A"])


def test_unknown_sort_is_by_name(make: Callable[..., Terms]) -> None:
    make("A", name="Z")
    make("B", name="Y")
    assert refs(sort="password") == ["B", "A"]


def test_departments_are_listed_once(make: Callable[..., Terms]) -> None:
    for ref, category in (("A", "Wine > Red"), ("B", "Wine"), ("C", ""), ("D", "Bakery")):
        make(ref, category=category)
    assert listing.departments() == ["Bakery", "Wine"]
