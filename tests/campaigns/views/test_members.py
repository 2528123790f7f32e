import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Delivery
from campaigns.views import members
from tests import making
from tests.reading import PART, is_part, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture
def listed(as_, noor):
    return lambda headers=None, **query: as_(noor).get(reverse("members"), query, headers=headers)


@pytest.fixture
def show(as_, noor):
    return lambda member: as_(noor).get(reverse("member", args=[member.ref]))


@pytest.fixture
def decide(mara, abel):
    """Give a member an offer in a new campaign and send it."""
    terms = making.approved_terms(author=mara, approver=abel, name="Tea week")

    def give(member, name="Spring"):
        run = making.run(making.campaign(name=name), terms)
        offer = run.offers.get()
        making.decision(run, member, offer=offer)
        Delivery.objects.create(run=run, member=member, run_offer=offer, channel="email", state="sent", at=making.NOON)
        return run

    return give


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
    assert "Clear the search, or load a file of members." in words(listed())


def test_queries_do_not_grow_with_the_list(listed):
    def asked(count):
        for _ in range(count):
            making.member()
        with CaptureQueriesContext(connection) as queries:
            listed()
        return len(queries)

    assert asked(1) == asked(5)


def test_a_member_who_is_not_there_is_not_found(as_, noor):
    assert as_(noor).get(reverse("member", args=["nobody"])).status_code == 404


def test_a_member_of_whom_nothing_is_known_is_told_as_such(show):
    page = words(show(making.member()))
    for said in (
        "No campaign has decided on this member yet.",
        "Nothing was sent to this member.",
        "No purchases are loaded for this member.",
    ):
        assert said in page


def test_a_decision_leads_to_why(show, decide):
    member = making.member()
    run = decide(member)
    assert reverse("decision", args=[run.pk, member.ref]) in show(member).content.decode()


def test_a_message_is_shown_with_its_state(show, decide):
    member = making.member()
    decide(member, name="Spring")
    assert "Spring E-mail Sent 2 Mar 2026" in words(show(member))


def test_what_another_member_got_is_not_shown(show, decide):
    decide(making.member(), name="Spring")
    assert "Spring" not in words(show(making.member()))


def test_the_latest_purchase_stands_first(show):
    member, tea = making.member(), making.product(name="Tea")
    making.purchase(member, at=making.NOON - making.DAY, product=making.product(name="Jam"))
    making.purchase(member, at=making.NOON, product=tea)
    page = words(show(member))
    assert page.index("Tea") < page.index("Jam")


def test_what_a_member_allows_is_told_by_channel(show):
    member = making.member()
    making.grant(member, "email")
    page = words(show(member)).lower()
    assert "offers by e-mail yes" in page
    assert "offers by app inbox no" in page


def test_queries_do_not_grow_with_what_a_member_has(show, decide):
    member = making.member()

    def asked(count):
        for _ in range(count):
            decide(member)
            making.purchase(member, at=making.NOON, product=making.product())
        with CaptureQueriesContext(connection) as queries:
            show(member)
        return len(queries)

    assert asked(1) == asked(4)
