import csv
import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.views import members
from loyalty import listing, profiles
from loyalty.identity import addresses
from loyalty.models import Store
from tests import making
from tests.making import DAY, NOON
from tests.reading import PART, is_part, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Noon, or the moment that a test sets."""

    def set_to(at):
        monkeypatch.setattr("loyalty.clock.now", lambda: at)

    set_to(NOON)
    return set_to


@pytest.fixture
def listed(as_, noor):
    return lambda headers=None, **query: as_(noor).get(reverse("members"), query, headers=headers)


def refs(response):
    return [member.ref for member in response.context["page"]]


@pytest.mark.parametrize(("text", "found"), [("", ["K-1", "K-2", "L-1"]), ("k", ["K-1", "K-2"]), (" L-1 ", ["L-1"])])
def test_members_are_found_by_the_beginning_of_the_reference(listed, text, found):
    for ref in ("L-1", "K-2", "K-1"):
        making.member(ref=ref)
    assert refs(listed(text=text)) == found


def test_members_are_not_found_by_name(listed):
    making.member(ref="K-1")
    assert refs(listed(text="Iris")) == []


def test_the_part_is_the_rows_alone(listed):
    making.member(ref="K-1")
    part = listed(headers=PART)
    assert is_part(part)
    assert refs(part) == ["K-1"]


def test_pages_follow_one_another(listed, monkeypatch):
    monkeypatch.setattr(members, "PER_PAGE", 2)
    for ref in ("K-1", "K-2", "K-3"):
        making.member(ref=ref)
    assert refs(listed(page="2")) == ["K-3"]


def test_an_empty_list_says_what_to_do(listed):
    assert "Load a file of members" in words(listed())


def test_a_search_without_an_answer_leads_back(listed):
    making.member(ref="K-1")
    page = words(listed(text="L"))
    assert "No such members" in page
    assert "Show all members" in page


def test_the_list_tells_the_stage_and_when_they_last_shopped(listed):
    making.purchase(making.member(ref="K-1"), at=NOON - 2 * DAY, product=making.product())
    profiles.build(NOON.date(), at=NOON)
    making.member(ref="K-2")  # after the profiles
    page = words(listed())
    assert "K-1 new 2 days ago" in page
    assert "K-2 – –" in page


def test_days_since_a_purchase_count_up_to_today_and_not_to_the_day_of_the_profiles(listed, now):
    making.purchase(making.member(ref="K-1"), at=NOON - 2 * DAY, product=making.product())
    profiles.build(NOON.date(), at=NOON)
    now(NOON + 3 * DAY)
    assert "K-1 new 5 days ago" in words(listed())


def test_what_went_out_of_date_is_not_told_in_the_list(listed, now):
    making.purchase(making.member(ref="K-1"), at=NOON - 2 * DAY, product=making.product())
    profiles.build(NOON.date(), at=NOON)
    now(NOON + 9 * DAY)
    assert "K-1 – –" in words(listed())


def test_queries_do_not_grow_with_the_list(listed):
    def asked(count):
        for _ in range(count):
            making.member()
        with CaptureQueriesContext(connection) as queries:
            listed()
        return len(queries)

    assert asked(1) == asked(5)


def test_list_that_is_cut_says_how_to_reach_the_others(listed, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 2)
    for ref in ("K-1", "K-2", "K-3"):
        making.member(ref=ref)
    assert "There are more: filter, or begin to type a reference" in words(listed())


def test_tier_and_store_are_offered_to_filter_by(listed):
    making.member(ref="K-1", tier="gold", home_store=Store.objects.create(ref="n", name="North"))
    making.member(ref="K-2", tier="silver")
    profiles.build(making.NOON.date(), at=making.NOON)
    page = words(listed(tier="gold", store="n"))
    assert "Any tier Gold Silver" in page
    assert refs(listed(tier="gold", store="n")) == ["K-1"]


@pytest.mark.parametrize("ref", ["a/b", "a b", "ü", "x?y#z", "reveal"])
def test_any_reference_leads_to_its_member(listed, as_, noor, ref):
    making.member(ref=ref)
    (link,) = re.findall(r'data-queue-item href="([^"]+)"', listed().content.decode())
    assert as_(noor).get(html.unescape(link)).context["member"].ref == ref


# -- the export --------------------------------------------------------------------------------------------------------


def exported(client, **query):
    response = client.get(reverse("members_export"), query)
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_export_is_the_list_as_filtered_in_columns_of_the_members_file(as_, otto):
    store = Store.objects.create(ref="n", name="North")
    making.member(ref="K-1", tier="gold", joined_on="2024-01-02", postcode="2000", home_store=store)
    making.member(ref="K-2", tier="silver")
    assert exported(as_(otto), tier="gold") == [
        ["member_ref", "joined_on", "postcode", "home_store_ref", "tier"],
        ["K-1", "2024-01-02", "2000", "n", "gold"],
    ]


def test_export_runs_nothing_in_a_spreadsheet(as_, otto):
    making.member(ref="=cmd")
    assert exported(as_(otto))[1][0] == "'=cmd"


def test_export_tells_no_contact_details(as_, otto):
    making.member(email="iris@example.com")
    told = str(exported(as_(otto)))
    assert "Iris" not in told
    assert "iris@example.com" not in told


def test_only_those_who_may_are_offered_the_export(as_, otto, listed):
    making.member()
    assert "Export these as CSV" in words(as_(otto).get(reverse("members")))
    assert "Export these as CSV" not in words(listed())


# -- by address --------------------------------------------------------------------------------------------------------


@pytest.fixture
def find(as_, otto):
    def find(address, by=otto):
        addresses.renew(after=0, at=making.NOON)
        return as_(by).post(reverse("members_find"), {"address": address}, follow=True)

    return find


def test_address_leads_to_its_member(find):
    member = making.member(email="iris@example.com")
    assert find("IRIS@example.com").redirect_chain == [(reverse("member", args=[member.ref]), 302)]


def test_address_of_several_lists_them(find):
    for ref in ("K-1", "K-2"):
        making.member(ref=ref, email="iris@example.com")
    assert refs(find("iris@example.com")) == ["K-1", "K-2"]


def test_address_of_nobody_is_told_as_such(find):
    assert "Nobody is known by this address." in words(find("olga@example.com"))


def test_only_those_who_may_find_by_address(find, noor):
    making.member(email="iris@example.com")
    assert find("iris@example.com", by=noor).status_code == 403
