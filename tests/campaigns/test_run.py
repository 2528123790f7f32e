import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from campaigns import building, chunks, launching, planning, run, summary, training
from campaigns.models import Campaign, Chunk, Decision, Delivery, Run, RunOffer
from loyalty import profiles, segmentation
from loyalty.refusal import Refused
from offers import catalog
from tests import making
from tests.campaigns.conftest import MEMBERS, TODAY

pytestmark = pytest.mark.django_db

CONTACTABLE = MEMBERS - MEMBERS // 10


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    """These tests do the work themselves; that real workers do is shown in test_workers."""
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)


@pytest.fixture
def launched(draft, mara):
    return launching.launch(draft, by=mara, at=making.NOON, on=TODAY)


def work(launched: Run) -> Run:
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    return launched


def test_every_contactable_member_is_decided_on_exactly_once(launched, mailoutbox):
    assert work(launched).state == Run.State.FINISHED
    assert Decision.objects.count() == Decision.objects.values("member").distinct().count() == CONTACTABLE


def test_limits_hold_and_nobody_held_out_is_sent_anything(launched, mailoutbox):
    work(launched)
    assert launched.offers.get(position=0).assigned <= 5
    assert Decision.objects.filter(run_offer=launched.offers.get(position=0)).count() <= 5
    held_out = set(Decision.objects.filter(held_out=True).values_list("member", flat=True))
    assert held_out
    assert not held_out & set(Delivery.objects.values_list("member", flat=True))
    assert len(mailoutbox) == Decision.objects.filter(run_offer__isnull=False).count()


def test_a_dry_run_counts_what_the_live_run_does(draft, mara, mailoutbox):
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    rehearsed = summary.of_plan(inputs, planning.plan(inputs))
    assert not Decision.objects.exists()
    live = summary.of_run(work(launching.launch(draft, by=mara, at=making.NOON, on=TODAY)))
    same = ("eligible", "arms", "assigned", "offers", "value", "bound", "gap")
    assert {name: live[name] for name in same} == {name: rehearsed[name] for name in same}
    assert [stage["count"] for stage in live["funnel"]] == [stage["count"] for stage in rehearsed["funnel"]]


def test_every_decision_carries_score_and_probability_and_its_run_the_snapshot(launched, mailoutbox):
    work(launched)
    assert launched.snapshot is not None
    assert not Decision.objects.filter(score=None).exists()
    probabilities = dict(Decision.objects.values_list("held_out", "probability").distinct())
    assert probabilities == pytest.approx({True: 0.2, False: 0.8})


def test_a_run_in_which_nothing_is_worth_it_is_finished_without_a_message(draft, mara):
    building.change(draft, contact_cost=Decimal(1_000))
    assert work(launching.launch(draft, by=mara, at=making.NOON, on=TODAY)).state == Run.State.FINISHED
    assert Decision.objects.count() == CONTACTABLE
    assert not Delivery.objects.exists()


def test_a_campaign_is_launched_once(launched, draft, mara):
    with pytest.raises(Refused, match="already running"):
        launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        making.run(draft, state=Run.State.PLANNING)


def test_only_approved_terms_can_be_run(draft, mara, launched):
    unapproved = catalog.create("unapproved", by=mara, at=making.NOON, name="Tips", kind="information")
    with pytest.raises(IntegrityError), transaction.atomic():
        RunOffer.objects.create(run=launched, position=9, offer=unapproved.offer)


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ({"hypothesis": ""}, "hypothesis"),
        ({"primary_metric": ""}, "one metric"),
        ({"exit_criterion": ""}, "exit criterion"),
        ({"segment": None}, "segment"),
        ({"channels": []}, "channel"),
        ({"share_held_out": 0}, "Hold out"),
        ({"starts_at": making.NOON + 5 * making.DAY}, "It starts on"),
        ({"starts_at": None}, "Set the dates"),
    ],
)
def test_a_launch_is_refused_by_the_name_of_what_is_missing(draft, mara, fact, told):
    Campaign.objects.filter(pk=draft.pk).update(**fact)
    draft.refresh_from_db()
    with pytest.raises(Refused, match=told):
        launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    assert not Run.objects.exists()


def test_after_a_cancellation_no_message_starts(launched, mailoutbox):
    run.STEPS[Chunk.Stage.PLAN](chunks.take(launched.pk), making.NOON)
    run.cancel(launched, at=making.NOON)
    work(launched)
    assert launched.state == Run.State.CANCELLED
    assert not Delivery.objects.exists()
    assert mailoutbox == []


def test_a_finished_run_cannot_be_cancelled(launched, mailoutbox):
    with pytest.raises(Refused, match="nothing left to cancel"):
        run.cancel(work(launched), at=making.NOON)


def test_a_chunk_done_twice_changes_nothing(launched, mailoutbox):
    work(launched)
    decided, sent = Decision.objects.count(), len(mailoutbox)
    for chunk in launched.chunks.select_related("run__campaign"):
        launched.state = Run.State.DELIVERING
        launched.save()
        run.STEPS[chunk.stage](chunk, making.NOON)
    assert (Decision.objects.count(), len(mailoutbox)) == (decided, sent)


def test_a_leased_chunk_is_not_taken_until_its_lease_runs_out(launched):
    first = chunks.take(launched.pk)
    assert first is not None
    assert chunks.take(launched.pk) is None
    Chunk.objects.filter(pk=first.pk).update(lease_until=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    again = chunks.take(launched.pk)
    assert (again.pk, again.attempts) == (first.pk, 2)


def test_work_that_fails_again_and_again_fails_the_run_and_frees_the_campaign(launched, draft):
    Chunk.objects.update(attempts=chunks.MOST_ATTEMPTS)
    assert work(launched).state == Run.State.FAILED
    assert "worker's log" in launched.sentence
    draft.refresh_from_db()
    assert draft.state == Campaign.State.DRAFT


def test_a_campaign_is_finished_when_its_window_has_closed(launched, draft, mailoutbox):
    work(launched)
    assert run.close_measured(at=launched.outcomes_until - making.DAY) == 0
    assert run.close_measured(at=launched.outcomes_until) == 1


@pytest.fixture
def asking(draft, shoppers, mara):
    """The draft's segment asks for another, of one shopper's tier; and there is a scorer to plan with."""
    training.champion(at=making.NOON)
    shoppers[1].tier = "Gold"
    shoppers[1].save()
    profiles.build(TODAY, at=making.NOON)
    gold = segmentation.save(None, name="Gold", rule=tier("Gold"), by=mara, at=making.NOON)
    everybody_else = {"not": {"segment": gold.segment_id}}
    segmentation.save(draft.segment, name="Others", rule={"all": [everybody_else]}, by=mara, at=making.NOON)
    return gold


def tier(word):
    return {"all": [{"feature": "tier", "is": "equals", "value": word}]}


def test_a_run_records_the_versions_of_the_segments_that_its_own_asks_for(asking, draft, mara):
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    assert [each.version for each in launched.asked_segments.all()] == [asking]


def test_a_run_is_planned_with_those_versions_though_they_changed_since(asking, draft, mara, mailoutbox):
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    segmentation.save(asking.segment, name="Gold", rule={"all": []}, by=mara, at=making.NOON)
    assert len(planning.plan(run.inputs(launched)).plan.member_ids) == CONTACTABLE - 1


def test_without_the_record_a_run_would_follow_the_change(asking, draft, mara, mailoutbox):
    """The negative control: nobody is outside of a segment that now holds everybody."""
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    segmentation.save(asking.segment, name="Gold", rule={"all": []}, by=mara, at=making.NOON)
    launched.asked_segments.all().delete()
    assert len(planning.plan(run.inputs(launched)).plan.member_ids) == 0
