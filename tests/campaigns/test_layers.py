"""A whole campaign under the programme's holdouts: who is in which layer, and what becomes of them."""

import json
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction

from campaigns import building, holdouts, launching, planning, responses, run, summary
from campaigns.assignment import holdout
from campaigns.assignment.holdout import Arm
from campaigns.models import Campaign, Decision, Delivery, Run
from loyalty import profiles
from loyalty.models import Consent, Contact, Member, Purchase
from loyalty.models.consent import Channel, Purpose
from tests import making
from tests.campaigns.conftest import TODAY
from tests.campaigns.test_dry_is_live import drawn as random_campaign
from tests.campaigns.test_dry_is_live import lived, offers, segment

__all__ = ["offers", "segment"]

pytestmark = pytest.mark.django_db

MEMBERS = 600


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)


@pytest.fixture
def shoppers(db, data):
    """More than usual, so that every layer has some."""
    members = Member.objects.bulk_create(Member(ref=f"s{number:04}") for number in range(MEMBERS))
    Contact.objects.bulk_create(Contact(member=each, email=f"{each.ref}@example.com") for each in members)
    granted = {"purpose": Purpose.MARKETING, "channel": Channel.EMAIL, "granted": True, "at": making.NOON - making.DAY}
    Consent.objects.bulk_create(Consent(member=each, **granted) for each in members[: MEMBERS * 9 // 10])
    facts = {"product": making.product(), "quantity": 1, "net_amount": 10, "margin_amount": 3}
    Purchase.objects.bulk_create(
        Purchase(
            line_ref=each.ref,
            basket_ref=each.ref,
            member=each,
            purchased_at=making.NOON - (1 + number % 30) * making.DAY,
            **facts,
        )
        for number, each in enumerate(members)
    )
    profiles.build(TODAY, at=making.NOON)
    return members


@pytest.fixture
def holds(db):
    """Holdouts of which a small programme has some members too."""
    return making.draw(universal_share=Decimal("0.2"), generic_share=Decimal("0.3"))


def planned(campaign, **facts):
    campaign.refresh_from_db()
    return planning.plan(launching.inputs(campaign, at=making.NOON, on=TODAY)).plan


def carried_out(campaign, mara) -> Run:
    launched = launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    assert launched.state == Run.State.FINISHED, launched.sentence
    return launched


def refs(plan) -> list[str]:
    by_id = dict(Member.objects.values_list("pk", "ref"))
    return [by_id[member] for member in plan.member_ids.tolist()]


def test_a_plan_puts_each_member_in_the_layer_of_their_hash(draft, holds):
    plan = planned(draft)
    expected = holdout.layers(refs(plan), holdouts.layers(draft, holds))
    assert np.array_equal(plan.arm, expected)
    assert set(plan.arms) == {arm.label for arm in Arm}


def test_without_holdouts_of_the_programme_a_campaign_has_two_arms(draft):
    assert set(planned(draft).arms) == {"treated", "held_out"}


def test_whoever_is_held_out_is_given_nothing_and_would_have_had_something(draft, holds):
    plan = planned(draft)
    assert (plan.offer[plan.held_out] == -1).all()
    assert (plan.withheld[~plan.held_out] == -1).all()
    assert (plan.withheld[plan.held_out] >= 0).any()


def test_what_is_withheld_takes_no_place_of_a_scarce_offer(draft, holds):
    plan, free = planned(draft), planned(building.change(draft, share_held_out=Decimal("0.2")))
    assert int((plan.offer == 0).sum()) == int((free.offer == 0).sum()) == 5


def test_without_limits_what_is_withheld_is_what_would_have_been_given(draft, holds):
    building.limit_offers(draft, {each.offer_id: building.OfferLimit(None, None) for each in draft.offers.all()})
    building.change(draft, share_held_out=Decimal("0.01"))
    few = planned(draft)
    building.change(draft, share_held_out=Decimal("0.5"))
    many = planned(draft)
    since = (few.arm == Arm.TREATED) & (many.arm == Arm.HELD_OUT)
    assert since.any()
    assert np.array_equal(few.offer[since], many.withheld[since])


def test_the_generic_group_gets_one_offer_and_draws_none(draft, holds):
    building.change(draft, share_explored=Decimal("0.5"))
    plan = planned(draft)
    generic = plan.arm == Arm.GENERIC
    assert len(set(plan.offer[generic].ravel().tolist()) - {-1}) == 1
    assert not plan.explored[generic].any()
    assert plan.explored[plan.arm == Arm.TREATED].any()


def test_each_arm_has_the_probability_that_was_planned_for_it(draft, holds):
    plan, shares = planned(draft), holdouts.layers(draft, holds).shares
    assert shares[Arm.UNIVERSAL] == pytest.approx(0.2)
    for arm in (Arm.UNIVERSAL, Arm.HELD_OUT, Arm.TREATED):
        assert plan.probability[plan.arm == arm, 0] == pytest.approx(shares[arm])


def test_a_run_keeps_its_holdouts_and_the_share_that_each_arm_was_planned_to_have(draft, holds, mara):
    launched = carried_out(draft, mara)
    assert launched.draw == holds
    assert launched.shares == pytest.approx(
        {"universal": 0.2, "generic": 0.8 * 0.3, "held_out": 0.8 * 0.7 * 0.2, "treated": 0.8 * 0.7 * 0.8}
    )


def test_the_log_tells_of_each_arm_what_was_given_and_what_was_withheld(draft, holds, mara):
    launched = carried_out(draft, mara)
    told = Counter(
        (each.arm, each.held_out, each.run_offer_id is not None, each.withheld_id is not None)
        for each in launched.decisions.all()
    )
    assert {arm for arm, *_ in told} == {arm.label for arm in Arm}
    for arm, held_out, is_given, is_withheld in told:
        assert held_out is (arm in ("held_out", "universal"))
        assert not (is_given and held_out)
        assert not (is_withheld and not held_out)
    assert responses.decided(launched).arm.tolist() == list(
        launched.decisions.order_by("member").values_list("arm", flat=True)
    )


def test_a_report_does_not_count_who_takes_part_in_nothing_among_the_campaigns_holdout(draft, holds, mara):
    launched = carried_out(draft, mara)
    arms = Counter(responses.decided(launched).arm.tolist())
    plan_of_it = holdout.layers(
        list(launched.decisions.values_list("member__ref", flat=True)), holdouts.layers(draft, holds)
    )
    assert arms["held_out"] == int((plan_of_it == Arm.HELD_OUT).sum())
    assert arms["universal"] == int((plan_of_it == Arm.UNIVERSAL).sum())


# -- one campaign after another ----------------------------------------------------------------------------------------


def test_a_winner_that_is_given_to_all_leaves_the_universal_holdout_out(offers, segment, mara, holds, mailoutbox):
    """Two campaigns: the second, with hardly a holdout of its own, reaches whom the first held out, and no others."""
    first, second = (random_campaign(seed, offers, segment, mara) for seed in (3, 4))
    for campaign, share in ((first, "0.3"), (second, "0.0001")):
        facts = {"contacts_per_member": None, "contact_limit": None, "total_budget": None, "capacities": {}}
        building.change(campaign, share_held_out=Decimal(share), **facts)
    runs = [lived_run(Campaign.objects.get(pk=campaign.pk), mara) for campaign in (first, second)]
    out = [set(each.decisions.filter(arm="universal").values_list("member", flat=True)) for each in runs]
    assert out[0]
    assert out[0] == out[1]
    sent = [set(each.deliveries.filter(state="sent").values_list("member", flat=True)) for each in runs]
    assert not (sent[0] | sent[1]) & out[0]
    held_out_first = set(runs[0].decisions.filter(arm="held_out").values_list("member", flat=True))
    assert sent[1] & held_out_first


def lived_run(campaign, mara) -> Run:
    lived(campaign, mara)
    return campaign.runs.get()


def test_a_campaign_that_holds_nobody_out_still_leaves_the_universal_holdout_out(draft, holds):
    draft.refresh_from_db()
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    inputs.campaign.share_held_out = Decimal(0)
    plan = planning.plan(inputs).plan
    assert set(plan.arms) == {"treated", "generic", "universal"}
    assert (plan.offer[plan.arm == Arm.UNIVERSAL] == -1).all()


def test_all_counts_under_holdouts_are_those_of_the_dry_run(offers, segment, mara, holds, mailoutbox):
    seen = Counter[str]()
    for seed in range(12):
        campaign = random_campaign(seed, offers, segment, mara)
        inputs = launching.inputs(campaign, at=making.NOON, on=TODAY)
        dry, live = summary.of_plan(inputs, planning.plan(inputs)), lived(campaign, mara)
        same = ("eligible", "arms", "assigned", "offers", "value", "bound", "gap", "funnel")
        assert as_told(live, same) == as_told(dry, same), seed
        seen.update(live["arms"])
    assert set(seen) == {arm.label for arm in Arm}
    assert Decision.objects.filter(rank=1, withheld__isnull=False).exists()
    assert not Delivery.objects.filter(member__in=Decision.objects.filter(arm="universal").values("member")).exists()


def as_told(told, names) -> str:
    return json.dumps({name: told[name] for name in names}, sort_keys=True)


def test_limits_on_contacts_count_what_was_withheld(draft, holds, mara, mailoutbox):
    """So that who was held out of one campaign is not given more by the next than who was treated."""
    launched = carried_out(draft, mara)
    plan = {each.member_id: each for each in launched.decisions.filter(rank=0)}
    ids = np.array(sorted(plan))
    sent = responses.offers_sent(ids, since=making.NOON - making.DAY)
    reached = responses.reached(launched, ids)
    chosen = [plan[member].chosen_id is not None for member in ids.tolist()]
    assert sent.tolist() == reached.astype(int).tolist() == [int(each) for each in chosen]
    assert {plan[member].arm for member in ids[reached].tolist()} == {arm.label for arm in Arm}


# -- fixed at the launch -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{"salt": "another"}, {"share_held_out": Decimal("0.5")}])
def test_what_says_who_is_held_out_is_fixed_once_a_run_exists(draft, mara, facts):
    Campaign.objects.filter(pk=draft.pk).update(**facts)  # the control: before the launch it may change
    launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    Campaign.objects.filter(pk=draft.pk).update(**facts)  # to what it is already
    other = {name: f"{value}1" if name == "salt" else Decimal("0.4") for name, value in facts.items()}
    with pytest.raises(DatabaseError, match="fixed at launch"), transaction.atomic():
        Campaign.objects.filter(pk=draft.pk).update(**other)


def test_a_campaign_of_which_a_run_failed_before_it_decided_can_be_mended(draft, mara):
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    Run.objects.filter(pk=launched.pk).update(state=Run.State.FAILED)
    assert Campaign.objects.filter(pk=draft.pk).update(share_held_out=Decimal("0.5")) == 1


@pytest.mark.parametrize("change", ["draw_id = NULL", "shares = '{}'", "share_held_out = 0.5"])
def test_a_runs_holdouts_are_fixed(draft, holds, mara, change):
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    with pytest.raises(DatabaseError, match="fixed at launch"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_run SET {change} WHERE id = %s", [launched.pk])  # noqa: S608 - the test's own
