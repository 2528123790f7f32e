"""Profiles that were left alone while the days went by, as the pages of segments show them."""

import datetime as dt
import html
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from loyalty import profiles, segmentation
from loyalty.models import Event
from tests import making
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

RECENT = {"feature": "recency_days", "is": "at_most", "value": 10}
TIER = {"feature": "tier", "is": "equals", "value": "Gold"}
LATER = making.NOON + 9 * making.DAY
SINCE = "The newest purchases are of 1 March 2026, and what rests on purchases counts as unknown"


@pytest.fixture
def browser(as_, mara, settings, tmp_path):
    settings.DATA = tmp_path
    iris = making.member(ref="iris", tier="Gold")
    making.purchase(iris, at=making.NOON - making.DAY, product=making.product())
    Event.objects.create(ref="e1", member=iris, at=making.NOON - making.DAY, kind="open", channel="email")
    profiles.build(dt.date(2026, 3, 2), at=making.NOON)
    return as_(mara)


@pytest.fixture
def segment(mara, browser):
    """Saves a rule at the day of the profiles, and gives the address of its page."""

    def save(rule, name="Recent"):
        made = segmentation.save(None, name=name, rule={"all": [rule]}, by=mara, at=making.NOON)
        return reverse("segment", args=[made.segment_id])

    return save


def test_what_is_fresh_is_counted_without_a_word(browser, segment):
    page = browser.get(segment(RECENT))
    assert page.context["reach"].matching == 1
    assert "out of date" not in words(page).casefold()


def test_days_later_the_page_names_the_field_since_when_and_what_to_do(browser, segment, now):
    address = segment(RECENT)
    now(LATER)
    page = browser.get(address)
    said = html.unescape(words(page))
    assert page.context["reach"].matching == 0
    assert "Days since last purchase: out of date, and taken for unknown." in said
    assert SINCE in said
    assert "Load newer purchases if there are any, and build new profiles." in said


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (RECENT, "Days since last purchase"),
        ({"bought": "anything", "times": 1}, "What was bought"),
        ({"event": "open", "times": 1}, "What happened"),
    ],
)
def test_the_condition_that_rests_on_it_is_marked_and_the_others_are_not(browser, segment, now, rule, field):
    address = segment({"all": [rule, TIER]})
    now(LATER)
    _, late, tier = browser.get(address).context["nodes"]
    assert list(late.outdated.values()) == [(field,)]
    assert not tier.outdated
    page = browser.get(address)
    assert page.content.count(b"Out of date</span>") == 1
    assert re.search(rf"Out of date {field}\. The newest \w+ are of 1 March 2026, and what rests on", words(page))


def test_a_segment_inside_another_is_marked_too(browser, segment, now):
    inner = int(segment(RECENT).rstrip("/").rpartition("/")[2])
    address = segment({"segment": inner}, name="Asking")
    now(LATER)
    assert browser.get(address).context["nodes"][0].outdated


def test_the_list_of_segments_marks_those_that_rest_on_it(browser, segment, now):
    segment(RECENT)
    segment(TIER, name="Gold")
    now(LATER)
    page = browser.get(reverse("segments"))
    assert page.content.count(b"Out of date") == 1
    assert f"Out of date Days since last purchase. {SINCE}" in words(page)


def test_the_command_counts_by_what_may_be_relied_on_today(browser, now, tmp_path, capsys):
    (tmp_path / "rule.json").write_text('{"all": [{"feature": "recency_days", "is": "at_most", "value": 10}]}')
    call_command("segment", str(tmp_path / "rule.json"))
    now(LATER)
    call_command("segment", str(tmp_path / "rule.json"))
    fresh, stale = capsys.readouterr().out.strip().splitlines()
    assert fresh.startswith("1 of 1")
    assert stale.startswith("0 of 1")
