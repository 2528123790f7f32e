import pytest
from django.urls import reverse

from analytics import powering
from analytics.measurement.lift import NotMeasured
from campaigns.models import Campaign
from loyalty.models import Purchase
from tests import making
from tests.reading import PART, is_part, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(draft, now):
    now(making.NOON)
    for number, line in enumerate(Purchase.objects.order_by("pk")):
        Purchase.objects.filter(pk=line.pk).update(margin_amount=9 if number % 3 else 3)
    return draft


@pytest.fixture
def power(as_, noor, draft):
    """The page as someone without any role reads it."""
    return lambda headers=None, **asked: as_(noor).get(
        reverse("campaign_power", args=[draft.ref]), asked, headers=headers
    )


def test_the_page_begins_with_the_smallest_lift_in_per_cent_and_in_money(power):
    assert "We can detect a lift of ±" in words(power())
    assert "margin per member, within 14 days." in words(power())


def test_htmx_is_given_the_part_alone(power):
    page = power(headers=PART)
    assert is_part(page)
    assert "We can detect a lift of ±" in words(page)


def test_what_is_typed_is_answered_before_it_is_saved(power, draft):
    assert ", within 30 days." in words(power(outcome_days=30))
    draft.refresh_from_db()
    assert draft.outcome_days == 14


@pytest.mark.parametrize("typed", ["", "0", "x", "100", "1e999"])
def test_what_is_no_share_is_answered_as_planned(power, typed):
    assert words(power(headers=PART, per_cent=typed)) == words(power(headers=PART))


def test_a_wanted_lift_is_told_what_it_takes(power):
    assert "To see a lift of 500.0 % it takes only" in words(power(wanted=500))
    assert "To see a lift of 0.1 % it takes" in words(power(wanted=0.1))
    assert "however they are divided." in words(power(wanted=0.1))


def test_an_audience_that_is_too_small_is_warned_of(power):
    assert "This will probably end as “not yet known”." in words(power())


def test_an_audience_that_is_large_enough_is_not(power, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(powering, "_compared", lambda *_, **__: 10_000_000)
    assert "This will probably end" not in words(power())


def test_a_campaign_without_a_segment_says_what_to_choose(power, draft):
    Campaign.objects.filter(pk=draft.pk).update(segment=None)
    assert "Cannot tell what it can detect: Choose a segment" in words(power())


def test_who_is_counted_for_the_first_time_is_asked_about_again(power, monkeypatch):
    monkeypatch.setattr(powering, "powering", lambda *_, **__: NotMeasured(powering.COUNTING))
    assert 'hx-trigger="load delay:2s"' in power(headers=PART).content.decode()


def test_the_holdout_step_and_the_review_lead_to_it_without_javascript(as_, mara, draft):
    link = f'<a href="{reverse("campaign_power", args=[draft.ref])}">'
    for page in (reverse("campaign_step", args=[draft.ref, "holdout"]), reverse("campaign_review", args=[draft.ref])):
        assert link in as_(mara).get(page).content.decode()
