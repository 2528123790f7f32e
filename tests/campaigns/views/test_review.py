import datetime as dt
import re

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError

from campaigns import building, hints, rehearsal
from campaigns.building import OfferLimit
from campaigns.models import DryRun, Scorer
from loyalty import clock
from tests import making
from tests.campaigns.conftest import TODAY
from tests.reading import words

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rehearse(as_, mara, draft, monkeypatch):
    """Ask for a dry run as a page with or without JavaScript does."""

    def ask(*, call=lambda dry_run_id: None, **options):
        monkeypatch.setattr(hints, "rehearse", call)
        return as_(mara).post(reverse("campaign_rehearse", args=[draft.ref]), **options)

    return ask


def test_a_dry_run_is_shown_in_its_part(rehearse):
    response = rehearse(headers=HTMX)
    assert b"Waiting for a worker" in response.content
    assert b"<html" not in response.content


def test_a_dry_run_leads_back_to_the_review_without_javascript(rehearse, draft):
    assert rehearse().url == reverse("campaign_review", args=[draft.ref])


@pytest.mark.parametrize(("options", "is_page"), [({}, True), ({"headers": HTMX}, False)])
def test_a_dry_run_without_a_broker_is_refused_in_a_sentence(rehearse, options, is_page):
    def unreachable(dry_run_id):
        raise OperationalError

    response = rehearse(call=unreachable, **options)
    assert response.status_code == 409
    assert response.content.count(b"No worker can be reached") == 1
    assert (b"<html" in response.content) == is_page


def test_the_plan_names_the_last_day_and_not_the_day_after(as_, mara, draft):
    building.change(draft, starts_at=clock.start_of(TODAY), ends_at=clock.start_of(TODAY + dt.timedelta(days=7)))
    assert b"from 2 Mar 2026 until 8 Mar 2026" in as_(mara).get(reverse("campaign_review", args=[draft.ref])).content


@pytest.fixture
def now(monkeypatch):
    """The day on which nothing stops the draft from being launched."""
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON)


@pytest.fixture
def report(as_, noor, draft):
    """The review, once a dry run is over."""

    def read():
        draft.refresh_from_db()
        dry_run = DryRun.objects.create(campaign=draft, started_at=making.NOON)
        rehearsal.rehearse(dry_run, at=making.NOON, on=TODAY)
        return as_(noor).get(reverse("campaign_review", args=[draft.ref]))

    return read


def test_a_dry_run_tells_its_estimates_with_their_intervals(report):
    page = words(report())
    assert "expected, not measured: " in page
    assert "95 %, as if all that the scorer may be wrong by pointed the same way." in page
    assert "95 %, by the normal approximation of who redeems" in page


def test_a_dry_run_proves_how_near_the_best_it_is(report):
    assert re.search(r"Of the best possible, at least (99\.99|100\.00) %", words(report()))


def test_a_dry_run_tells_what_a_little_more_of_a_limit_would_earn(report, draft):
    building.change(draft, contact_limit=7)
    assert "One more offer in all earns €0.050." in words(report())


def test_where_no_limit_binds_more_room_is_told_to_earn_nothing(report, draft):
    """The control of the test above."""
    assert "No limit stands in the way: more room would earn nothing." in words(report())


def test_the_fallback_is_told_with_why_it_decides(report):
    page = words(report())
    assert "A fallback values the offers." in page
    assert Scorer.objects.get().basis in page


def test_the_funnel_stands_there_as_a_picture_and_as_a_table(report):
    page = words(report())
    assert page.count("no consent for its channels") == 2
    assert "Stage Members left Why others left Members All members 60" in page


def test_who_gets_what_is_a_figure_with_its_table(report, draft):
    scarce = draft.offers.get(limit=5).offer_id
    building.limit_offers(draft, {scarce: OfferLimit(5, None, least=3)})
    response = report()
    assert response.context["shown"].figure
    assert "Offer Get it At least At the most Members left Expected cost Budget Budget left" in words(response)


def test_minimums_that_cannot_be_met_are_refused_by_their_name(report, draft):
    scarce = draft.offers.get(limit=5).offer_id
    building.limit_offers(draft, {scarce: OfferLimit(None, None, least=5_000)})
    page = words(report())
    assert "was refused." in page
    assert "Scarce" in page.split("was refused.")[1][:300]


def test_a_dry_run_of_a_plan_that_was_changed_since_says_what_was(now, report, as_, mara, draft):
    assert "The plan was changed since" not in words(report())
    building.change(draft, contact_limit=7)
    page = words(as_(mara).get(reverse("campaign_review", args=[draft.ref])))
    assert "The plan was changed since this dry run. Offers in all: at most 7 now, no limit then." in page
    assert "The plan was changed since the last dry run: what it will do is not known." in page


def test_who_launches_is_told_what_the_dry_run_came_to(now, report, as_, mara, draft):
    told = report().context["shown"].told
    page = words(as_(mara).get(reverse("campaign_review", args=[draft.ref])))
    assert f"{told['assigned']} members would get an offer and {told['arms']['held_out']} be held out." in page


def test_who_launches_without_a_dry_run_is_told_that_nobody_knows(now, as_, mara, draft):
    page = words(as_(mara).get(reverse("campaign_review", args=[draft.ref])))
    assert "No dry run has shown yet what it would do." in page


@pytest.mark.parametrize(("who", "is_told"), [("mara", True), ("noor", False)])
def test_the_part_brings_what_the_launch_tells_to_whom_may_launch(report, as_, request, draft, who, is_told):
    report()
    part = as_(request.getfixturevalue(who)).get(reverse("campaign_dry_run", args=[draft.ref]), headers=HTMX)
    assert (b'id="known"' in part.content) == is_told


def test_the_plan_tells_every_limit(report, draft):
    building.change(draft, offers_each=2, contacts_per_member=3, capacities={"email": 900})
    page = words(report())
    for said in ("at most 2, of different departments", "at most 3 in 7 days", "E-mail can carry 900 messages"):
        assert said in page
