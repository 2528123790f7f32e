import datetime as dt

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError

from campaigns import building, hints
from loyalty import clock
from tests.campaigns.conftest import TODAY

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
