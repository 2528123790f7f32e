"""The story as it stands when the demo opens, told once for all tests of this module."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from campaigns import holdouts, launching
from campaigns.models import Campaign, Decision, Delivery
from config.demo import bridge, clock, opening, planted, state
from config.demo.retailer import responses
from config.demo.retailer.pilot import NAME as PILOT
from config.demo.story import campaigns, offers
from loyalty import clock as programme
from loyalty.models import Event, Load, Member, Purchase, Segment, Snapshot, Statement
from loyalty.profiling import stating
from offers.models import Terms
from tests.config.demo.conftest import MEMBERS

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("told")]
EVERYBODY, WELCOME_BACK, COFFEE = (
    brief.name for brief in (campaigns.EVERYBODY, campaigns.WELCOME_BACK, campaigns.COFFEE)
)


def run_of(name: str):
    return Campaign.objects.get(name=name).runs.get()


def refs(rows, path: str = "member__ref") -> set[str]:
    return set(rows.values_list(path, flat=True))


def test_every_file_came_in_whole(house: Path) -> None:
    loads = Load.objects.all()
    assert {load.kind for load in loads} >= {"stores", "products", "members", "purchases", "events", "assignments"}
    assert [(load.kind, load.state, load.rejected) for load in loads if load.state != "done" or load.rejected] == []
    assert Member.objects.count() == MEMBERS


def test_campaigns_stand_where_the_story_left_them(house: Path) -> None:
    assert dict(Campaign.objects.values_list("name", "state")) == {
        PILOT: "finished",
        EVERYBODY: "finished",
        WELCOME_BACK: "running",
        COFFEE: "draft",
    }


def test_running_campaign_still_gathers_outcomes(house: Path) -> None:
    assert run_of(WELCOME_BACK).outcomes_from < clock.now() < run_of(WELCOME_BACK).outcomes_until


def test_finished_campaign_was_measured_to_the_end_of_its_window(house: Path) -> None:
    last = Purchase.objects.latest("purchased_at").purchased_at
    assert run_of(EVERYBODY).outcomes_until < last <= clock.now()


def test_nothing_stops_the_draft_from_being_launched(house: Path) -> None:
    assert launching.blockers(Campaign.objects.get(name=COFFEE), on=programme.today()) == []


@pytest.mark.parametrize("name", [EVERYBODY, WELCOME_BACK])
def test_held_out_members_were_sent_nothing_and_treated_ones_were(house: Path, name: str) -> None:
    held_out, treated = (refs(run_of(name).decisions.filter(held_out=held_out)) for held_out in (True, False))
    assert held_out
    sent = refs(Delivery.objects.filter(state="sent", run=run_of(name)))
    assert sent
    assert sent <= treated


def test_the_holdouts_of_the_programme_hold_and_what_they_would_be_sent_is_known(house: Path) -> None:
    assert holdouts.current(programme.today()) == run_of(EVERYBODY).draw
    assert set(run_of(EVERYBODY).shares) == {"treated", "held_out", "generic", "universal"}
    assert run_of(EVERYBODY).ghosts.filter(state="would_send").exists()


def test_members_told_us_something_and_nobody_was_given_what_they_do_not_eat(house: Path) -> None:
    avoiding = {each.member_id: stating.bits([each.value]) for each in Statement.objects.filter(topic="diet")}
    assert avoiding
    decisions = Decision.objects.filter(run__campaign__name__in=[EVERYBODY, WELCOME_BACK], run_offer__isnull=False)
    given = [(each.member_id, stating.bits(each.run_offer.terms.ingredients)) for each in decisions]
    assert [member for member, contained in given if contained]
    assert [member for member, contained in given if contained & avoiding.get(member, 0)] == []


def test_nobody_got_messages_of_both_campaigns(house: Path) -> None:
    both = [refs(run_of(name).deliveries.filter(state="sent")) for name in (EVERYBODY, WELCOME_BACK)]
    assert set.intersection(*both) == set()


def test_messages_were_opened_by_those_who_got_them(house: Path) -> None:
    opened = refs(Event.objects.filter(kind="open", at__gte=run_of(EVERYBODY).outcomes_from))
    assert opened
    assert opened <= refs(Delivery.objects.filter(state="sent", channel="email"))


def test_every_letter_lies_in_the_mailbox(house: Path) -> None:
    sent = Delivery.objects.filter(state="sent", channel="email").count()
    assert len(list((house / "mailbox").glob("*.eml"))) == sent > 0


def test_offers_are_at_every_stage(house: Path) -> None:
    states = Terms.objects.values_list("offer__ref", "state")
    assert {ref for ref, held in states if held == "draft"} == set(offers.LEFT_AS_DRAFT)
    assert {ref for ref, held in states if held == "submitted"} == set(offers.LEFT_WAITING)
    assert {ref for ref, held in states if held == "returned"} == {offers.RETURNED}
    assert sum(held == "approved" for _, held in states) == 40 - 2 - 3 - 1


def test_segments_have_members(house: Path) -> None:
    assert all(segment.current().matching for segment in Segment.objects.all())
    assert Segment.objects.count() == 5


def test_profiles_are_of_today_and_the_clock_is_the_real_one(house: Path) -> None:
    assert abs(clock.now() - timezone.now()) < dt.timedelta(seconds=1)
    assert Snapshot.objects.latest_ready().as_of == programme.today() == state.current().lived_until


def test_building_again_changes_nothing(house: Path) -> None:
    before = state.read()
    for members in (MEMBERS, None):
        opening.build(members, lambda _: None)
        assert state.read() == before
    assert Member.objects.count() == MEMBERS


def test_another_size_is_refused_and_changes_nothing(house: Path) -> None:
    before = state.read()
    with pytest.raises(CommandError, match=r"400 simulated members.*--reset"):
        opening.build(2000, lambda _: None)
    assert state.read() == before


def test_days_on_which_the_demo_was_off_are_not_missed(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state.current()
    monkeypatch.setattr(clock.timezone, "now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=9))
    try:
        opening.build(MEMBERS, lambda _: None)
        assert programme.today() == before.lived_until
    finally:
        state.write(before)


def test_planted_truth_is_what_the_members_do_on_average(house: Path) -> None:
    """The same messages in other lucks: members who got one against themselves without it."""
    known, run = state.current(), run_of(EVERYBODY)
    run_offers = list(run.offers.select_related("offer", "approval__terms__offer", "approval__terms__product"))
    world = bridge.world(known, run_offers)
    sent = bridge.contacts(world, planted.messages_to_treated(run))
    treated = run.decisions.filter(arm="treated").count()
    found = [_gained(replace(world, luck=luck), sent) / treated for luck in range(60)]
    # Four standard errors of the mean over the lucks: a false alarm in 1 of 16,000 runs.
    assert abs(np.mean(found) - planted.truth_of(run, "spend")) < 4 * np.std(found, ddof=1) / np.sqrt(len(found))


def _gained(world, sent) -> float:
    day = int(sent.day.min())
    spent = [
        responses.shopping(world, messages, since=day, until=day + 14).lines.net.sum()
        for messages in (sent, responses.nobody())
    ]
    return float(spent[0] - spent[1]) / 100


def test_truth_on_margin_pays_for_rewards_and_messages(house: Path) -> None:
    run = run_of(EVERYBODY)
    before = planted.truth_of(run, "margin")
    run.campaign.contact_cost += 1
    treated = run.decisions.filter(arm="treated").count()
    messages = len(planted.messages_to_treated(run))
    assert planted.truth_of(run, "margin") == pytest.approx(before - messages / treated)


def test_truth_is_known_for_the_other_tools_campaign(house: Path) -> None:
    assert planted.truth_of(run_of(PILOT), "spend") > 0


@pytest.mark.parametrize("metric", ["purchasers", "event:open"])
def test_truth_of_other_metrics_is_not_known(house: Path, metric: str) -> None:
    assert planted.truth_of(run_of(EVERYBODY), metric) is None
