import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, Chunk
from loyalty import profiles
from loyalty.models import Load
from offers import approval, catalog
from tests import making
from tests.analytics import bodies
from tests.analytics.conftest import AFTER
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def today(as_):
    return lambda user: as_(user).get(reverse("today"))


@pytest.fixture
def put_forward(mara):
    """Submit a new offer of Mara's."""

    def submit(ref, name="Tea week"):
        made = catalog.create(
            ref,
            by=mara,
            at=making.NOON,
            name=name,
            kind="amount",
            value=2,
            channels=["email"],
            category="Coffee",
            texts={"email": catalog.Text("Hello", "{{ offer }}")},
        )
        return approval.submit(made, by=mara, at=making.NOON)

    return submit


def test_a_house_without_members_is_led_to_the_files(today, otto):
    page = today(otto)
    assert "Nothing is loaded yet" in words(page)
    assert reverse("loads") in page.content.decode()


def test_a_house_with_members_is_not(today, otto):
    """The control of the test above."""
    making.member()
    assert "Nothing is loaded yet" not in words(today(otto))


def test_members_without_profiles_are_an_alarm_that_leads_to_where_they_are_built(today, otto):
    making.member()
    page = today(otto)
    assert "There are no member profiles yet, so nothing can be decided. Build them" in words(page)
    assert f'<a href="{reverse("profiles")}">Build them</a>' in page.content.decode()


@pytest.mark.parametrize(("days", "is_alarm"), [(2, False), (3, True)])
def test_profiles_are_an_alarm_after_two_days(today, otto, data, now, days, is_alarm):
    making.purchase(making.member(), at=making.NOON - making.DAY, product=making.product())
    profiles.build(making.NOON.date(), at=making.NOON)
    now(making.NOON + days * making.DAY)
    assert ("Member profiles are of 2 March 2026" in words(today(otto))) == is_alarm


@pytest.mark.parametrize(("days", "is_alarm"), [(6, False), (7, True)])
def test_a_feed_that_fell_silent_is_an_alarm_even_under_fresh_profiles(today, otto, data, now, days, is_alarm):
    making.purchase(making.member(), at=making.NOON - making.DAY, product=making.product())
    later = making.NOON + days * making.DAY
    profiles.build(later.date(), at=later)
    now(later)
    assert ("The newest purchases are of 1 March 2026, and what rests on purchases" in words(today(otto))) == is_alarm


@pytest.mark.parametrize("lost", ["manifest.json", "member_ids.npy", ""])
def test_profiles_that_cannot_be_read_are_an_alarm_and_pages_that_show_them_go_without(as_, otto, data, lost):
    making.purchase(making.member(ref="K-1"), at=making.NOON - making.DAY, product=making.product())
    place = profiles.build(making.NOON.date(), at=making.NOON).path
    shutil.rmtree(place) if not lost else (place / lost).unlink()
    page = words(as_(otto).get(reverse("today")))
    assert "The member profiles of 2 March 2026 cannot be read" in page
    assert "build new ones on the Data page. Build new ones" in page
    shown = [reverse(name) for name in ("members", "segments", "segment_new", "layers")]
    for path in (*shown, reverse("member", args=["K-1"])):
        assert as_(otto).get(path).status_code == 200, path


@pytest.mark.parametrize(("days", "is_alarm"), [(6, True), (8, False)])
def test_a_failed_run_is_an_alarm_for_a_week(today, mara, campaign, days, is_alarm):
    making.run(campaign, state="failed", finished_at=AFTER - days * making.DAY, sentence="The worker's log says why.")
    said = f"The run of {campaign.name} failed. The worker's log says why."
    assert (said in words(today(mara))) == is_alarm


def test_a_refused_file_is_an_alarm_that_leads_to_it(today, otto):
    load = Load.objects.create(
        kind="members", file_name="m.csv", path="m.csv", state="refused", sentence="Add ref.", started_at=AFTER
    )
    page = today(otto)
    assert "m.csv could not be loaded. Add ref." in words(page)
    assert reverse("load", args=[load.pk]) in page.content.decode()


def test_offers_that_wait_are_shown_with_their_author(today, abel, put_forward):
    put_forward("TEA")
    assert "Tea week TEA since 2 Mar, by Mara" in words(today(abel))


def test_terms_that_came_back_are_shown_to_their_author_only(today, mara, milo, abel, put_forward):
    approval.return_(put_forward("TEA"), by=abel, at=making.NOON, comment="Say until when.")
    assert ["Returned to you Tea week" in words(today(user)) for user in (mara, milo)] == [True, False]


def test_terms_taken_up_again_are_not_shown_as_returned(today, mara, abel, put_forward):
    returned = put_forward("TEA")
    approval.return_(returned, by=abel, at=making.NOON, comment="Say until when.")
    catalog.revise(returned.offer, by=mara, at=making.NOON)
    assert "Returned to you" not in words(today(mara))


def test_a_run_at_work_tells_how_many_members_are_done(today, mara, campaign):
    working = making.run(campaign)
    for number, done_at in enumerate([AFTER, None]):
        Chunk.objects.create(run=working, stage="deliver", number=number, members=200, done_at=done_at)
    assert "Delivering: 200 of 400 members." in words(today(mara))


def test_a_running_campaign_tells_the_days_to_its_verdict(today, mara, campaign, run, now):
    now(making.NOON + 5 * making.DAY)
    assert "day 5 of 14 Verdict in 9 days." in words(today(mara))


def test_a_campaign_whose_window_closed_asks_to_be_read(today, mara, campaign, run):
    assert "day 14 of 14 The window is closed: read the verdict." in words(today(mara))


def test_drafts_are_shown_with_who_makes_them(today, mara):
    making.campaign(name="Spring", created_by=mara)
    assert "Spring by Mara" in words(today(mara))


@pytest.mark.parametrize(("who", "is_led"), [("mara", True), ("abel", False)])
def test_only_who_may_start_a_campaign_is_led_to_it_where_there_is_none(today, request, who, is_led):
    page = today(request.getfixturevalue(who)).content.decode()
    assert (reverse("campaign_new") in page) == is_led


def test_a_finished_campaign_leads_to_its_report_once(today, mara, campaign, run):
    Campaign.objects.update(state=Campaign.State.FINISHED)
    making.run(campaign, state="failed", outcomes_until=making.NOON + making.DAY, finished_at=making.NOON)
    assert today(mara).content.decode().count(reverse("report", args=[campaign.ref])) == 1


def test_a_quiet_day_says_so_in_every_panel(today, mara):
    page = words(today(mara))
    for said in ("Nothing waits.", "No campaign is running.", "No campaign is being prepared.", "measured to its end."):
        assert said in page


def test_queries_do_not_grow_with_what_is_shown(today, mara, abel, put_forward):
    def add(count, start):
        for number in range(start, start + count):
            put_forward(f"W{number}")
            approval.return_(put_forward(f"R{number}"), by=abel, at=making.NOON, comment="Mend it.")
            making.campaign(created_by=mara)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            today(mara)
        return len(queries)

    add(1, 0)
    few = asked()
    add(3, 1)
    assert asked() == few


@pytest.mark.parametrize(("state", "said"), [("running", "day 14 of 14"), ("finished", "measured until")])
def test_a_campaign_with_a_report_is_shown_with_its_verdict(today, mara, run, state, said):
    Campaign.objects.update(state=state)
    assert f"{run.campaign.name} {said}" in words(today(mara))
    bodies.frozen(run)
    assert f"{run.campaign.name} Pays {said}" in words(today(mara))


def test_what_the_programme_brings_is_said_once_it_was_told(today, mara, told_quarter):
    assert "The programme" not in words(today(mara))
    told_quarter()
    assert "The programme Pays +€1,800 after all costs since" in words(today(mara))
