import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign
from campaigns.views import campaigns
from tests import making
from tests.reading import PART, is_part, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(as_, noor):
    """The list as someone without any role reads it."""
    return lambda headers=None, **query: as_(noor).get(reverse("campaigns"), query, headers=headers)


def names(response):
    return [campaign.name for campaign in response.context["page"]]


def test_the_list_shows_name_state_and_author(listed, mara):
    making.campaign(name="Spring", created_by=mara)
    assert "Spring Draft – – 10 % Mara" in " ".join(words(listed()).split())


def test_the_part_is_the_rows_alone(listed):
    making.campaign(name="Spring")
    part = listed(headers=PART)
    assert is_part(part)
    assert names(part) == ["Spring"]


def test_the_newest_campaign_comes_first(listed):
    making.campaign(name="Old", created_at=making.NOON - 9 * making.DAY)
    making.campaign(name="New")
    assert names(listed()) == ["New", "Old"]


@pytest.mark.parametrize(("sort", "found"), [("name", ["A", "B"]), ("-name", ["B", "A"]), ("salt", ["B", "A"])])
def test_the_list_is_sorted_by_what_may_be_sorted_by(listed, sort, found):
    making.campaign(name="A", salt="a", created_at=making.NOON - 9 * making.DAY)
    making.campaign(name="B", salt="b")
    assert names(listed(sort=sort)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "running"}, ["Autumn"]),
        ({"text": "spr"}, ["Spring"]),
        ({"text": "S-1"}, ["Spring"]),
        ({"state": "running", "text": "spr"}, []),
    ],
)
def test_the_list_is_filtered_by_state_and_text(listed, query, found):
    making.campaign(name="Spring", ref="s-1")
    making.campaign(name="Autumn", ref="a-1", state=Campaign.State.RUNNING)
    assert names(listed(**query)) == found


def test_pages_follow_one_another(listed, monkeypatch):
    monkeypatch.setattr(campaigns, "PER_PAGE", 2)
    for name in "ABC":
        making.campaign(name=name)
    assert names(listed(sort="name", page="2")) == ["C"]


@pytest.mark.parametrize("page", ["0", "99", "x"])
def test_a_page_that_is_not_there_gives_one_that_is(listed, page):
    making.campaign(name="Spring")
    assert names(listed(page=page)) == ["Spring"]


def test_an_empty_list_offers_a_marketer_a_new_campaign(as_, mara):
    page = as_(mara).get(reverse("campaigns"))
    assert "No campaigns here" in words(page)
    assert reverse("campaign_new") in page.content.decode()


def test_an_empty_list_does_not_offer_a_reader_what_is_refused(listed):
    assert reverse("campaign_new") not in listed().content.decode()


def test_queries_do_not_grow_with_the_list(listed, mara):
    def asked(count):
        for _ in range(count):
            making.campaign(created_by=mara)
        with CaptureQueriesContext(connection) as queries:
            listed()
        return len(queries)

    assert asked(1) == asked(5)


def test_a_new_campaign_is_a_draft_of_who_made_it_and_begins_with_its_brief(as_, mara):
    response = as_(mara).post(reverse("campaign_new"), {"name": "Spring"})
    made = Campaign.objects.get()
    assert (made.name, made.state, made.created_by) == ("Spring", Campaign.State.DRAFT, mara)
    assert response.url == reverse("campaign_step", args=[made.ref, "brief"])


@pytest.mark.parametrize("entered", [{}, {"name": "  "}, {"name": "x" * 121}])
def test_a_campaign_without_a_fit_name_is_refused(as_, mara, entered):
    assert as_(mara).post(reverse("campaign_new"), entered).status_code == 422
    assert not Campaign.objects.exists()


def test_a_name_that_is_refused_is_kept(as_, mara):
    assert "x" * 121 in as_(mara).post(reverse("campaign_new"), {"name": "x" * 121}).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_marketer_makes_a_campaign(as_, noor, method):
    assert getattr(as_(noor), method)(reverse("campaign_new"), {"name": "Spring"}).status_code == 403
    assert not Campaign.objects.exists()


def test_a_plan_that_cannot_be_started_says_what_to_do_and_keeps_the_name(as_, mara, db):
    entered = {"name": "Win back", "start": "reactivate"}
    response = as_(mara).post(reverse("campaign_new"), entered)
    assert response.status_code == 422
    assert "member profiles" in response.content.decode()
    assert "Win back" in response.content.decode()
    assert not Campaign.objects.exists()
