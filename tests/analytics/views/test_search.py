import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty.models import Segment
from tests import making
from tests.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(as_, noor):
    return lambda text: as_(noor).get(reverse("search"), {"q": text})


def test_a_member_is_found_by_the_beginning_of_the_reference(search):
    making.member(ref="K-100")
    assert reverse("member", args=["K-100"]) in search("k-1").content.decode()


def test_a_member_is_not_found_by_name(search):
    making.member(ref="K-100")
    assert "Nothing found" in words(search("Iris"))


def test_a_segment_is_found_by_a_part_of_its_name(search):
    segment = Segment.objects.create(name="Lapsing buyers", created_at=making.NOON)
    assert reverse("segment", args=[segment.pk]) in search("buyers").content.decode()


def test_an_offer_is_found_by_the_name_of_its_terms(search, mara, abel):
    terms = making.approved_terms(author=mara, approver=abel, name="Tea week")
    assert reverse("offer", args=[terms.offer.ref]) in search("tea").content.decode()


@pytest.mark.parametrize("text", ["spring", "c-77"])
def test_a_campaign_is_found_by_name_or_reference(search, text):
    making.campaign(ref="C-77", name="Spring")
    assert reverse("campaign", args=["C-77"]) in search(text).content.decode()


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_search_finds_nothing_and_says_what_to_type(search, text):
    making.member(ref="K-100")
    page = words(search(text))
    assert "Type a reference or a name above." in page
    assert "K-100" not in page


def test_a_search_in_vain_says_what_can_be_found(search):
    assert "Members are found by the beginning of their reference" in words(search("nowhere"))


def test_at_most_ten_of_a_kind_are_shown(search):
    for number in range(11):
        making.campaign(name=f"Spring {number:02}")
    assert search("spring").content.decode().count(">Spring ") == 10


def test_queries_do_not_grow_with_what_is_found(search, mara, abel):
    def asked(count):
        for _ in range(count):
            making.campaign(name="Spring")
            making.approved_terms(author=mara, approver=abel, name="Spring")
        with CaptureQueriesContext(connection) as queries:
            search("spring")
        return len(queries)

    assert asked(1) == asked(5)
