"""Held-out members go through every step of sending but the last: what is written of them is what would have been."""

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from campaigns import delivery, responses
from campaigns.models import Delivery, Ghost
from loyalty import consent, identity, stated
from loyalty.models import Contact
from loyalty.models.consent import Purpose
from tests import making

pytestmark = pytest.mark.django_db

JUST_AFTER = making.NOON + making.DAY / 24


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel, channels=("email", "app"), contains=["pork"])


@pytest.fixture
def run(terms):
    return making.run(making.campaign(channels=["email", "app"]), terms)


def decided(run, *, held_out: bool):
    """A member who may be contacted by both channels, with an offer given or withheld."""
    member, offer = making.member(), run.offers.get()
    making.grant(member, "email", "app")
    if held_out:
        making.decision(run, member, held_out=True, withheld=offer)
    else:
        making.decision(run, member, offer=offer)
    return member


def deliver(run) -> None:
    delivery.deliver(run, first=0, last=2**40, at=making.NOON)


def withdraw(member, **facts) -> None:
    said = {"purpose": Purpose.MARKETING, "channel": "email", "granted": False, "at": JUST_AFTER, "source": "test"}
    consent.record(member, **{**said, **facts})


FATES = {
    "nothing happens": lambda _: None,
    "consent is withdrawn while sending": withdraw,
    "consent was withdrawn before the run": lambda member: withdraw(member, at=making.NOON - making.DAY / 2),
    "personal offers are turned off": lambda member: withdraw(member, purpose=Purpose.PERSONALISATION, channel=""),
    "no address is known": lambda member: Contact.objects.filter(member=member).update(email=""),
    "they do not eat it": lambda member: stated.tell(member, "diet", ["meat"], source="test", at=JUST_AFTER),
}


def fate(rows) -> list[tuple[str, bool, str]]:
    told = rows.order_by("channel").values_list("channel", "state", "reason")
    return [(channel, state in ("sent", "would_send"), reason) for channel, state, reason in told]


@pytest.mark.parametrize("happens", FATES.values(), ids=FATES)
@pytest.mark.parametrize("capacities", [{}, {"email": 5}])
def test_a_held_out_member_meets_the_fate_of_a_treated_one(run, mailoutbox, happens, capacities):
    run.campaign.capacities = capacities
    treated, held_out = decided(run, held_out=False), decided(run, held_out=True)
    for member in (treated, held_out):
        happens(member)
    deliver(run)
    ghosts = fate(Ghost.objects.filter(member=held_out))
    assert ghosts == fate(Delivery.objects.filter(member=treated))
    assert ghosts
    assert not Delivery.objects.filter(member=held_out).exists()


def test_what_is_withheld_is_written_with_the_offer_and_the_moment(run):
    decided(run, held_out=True)
    deliver(run)
    told = set(run.ghosts.values_list("run_offer", "rank", "held_out", "at"))
    assert told == {(run.offers.get().pk, 0, True, making.NOON)}


def test_nothing_goes_out_to_a_held_out_member(run, mailoutbox):
    decided(run, held_out=True)
    deliver(run)
    assert mailoutbox == []


def test_the_same_message_would_go_out_to_a_treated_one(run, mailoutbox):
    """The control."""
    decided(run, held_out=False)
    deliver(run)
    assert len(mailoutbox) == 1


def test_delivering_again_writes_no_second_ghost(run):
    decided(run, held_out=True)
    for _ in range(2):
        deliver(run)
    assert run.ghosts.count() == 2  # one by each channel


def test_of_a_person_found_to_be_one_since_a_single_ghost_is_written(run):
    one, other = decided(run, held_out=True), decided(run, held_out=True)
    delivery.deliver(run, first=one.pk, last=one.pk, at=making.NOON)
    identity.merge(one, other, by=None, at=JUST_AFTER, why="test")
    deliver(run)
    assert set(run.ghosts.values_list("member", flat=True)) == {one.pk}


@pytest.mark.parametrize("held_out", [True, False])
def test_who_is_found_to_be_one_with_a_held_out_member_is_sent_nothing(run, mailoutbox, held_out):
    """Merged with another treated one, which is the control, a message goes out."""
    one, other = decided(run, held_out=False), decided(run, held_out=held_out)
    identity.merge(one, other, by=None, at=JUST_AFTER, why="test")
    deliver(run)
    assert len(mailoutbox) == (0 if held_out else 1)
    reasons = set(Delivery.objects.filter(member=one).values_list("reason", flat=True))
    assert reasons == ({delivery.HELD_OUT} if held_out else {""})


def test_a_member_for_whom_nothing_was_chosen_has_no_ghost(run):
    member = making.member()
    making.grant(member, "email")
    making.decision(run, member, held_out=True)
    deliver(run)
    assert not run.ghosts.exists()


def by_hand(run, member, **facts) -> None:
    of_it = {"run": run, "member": member, "run_offer": run.offers.get(), "channel": "email", "state": "would_send"}
    Ghost.objects.create(**{**of_it, "at": making.NOON, **facts})


@pytest.mark.parametrize("claimed", [True, False])
def test_the_database_lets_no_treated_member_have_a_ghost(run, claimed):
    member = decided(run, held_out=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        by_hand(run, member, held_out=claimed)


def test_without_the_key_a_treated_member_could_have_one(run):
    """The negative control of the test above."""
    member = decided(run, held_out=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE campaigns_ghost DROP CONSTRAINT ghost_follows_a_held_out_decision")
    by_hand(run, member)
    assert run.ghosts.count() == 1


def test_who_was_treated_has_nothing_withheld(run):
    member = making.member()
    with pytest.raises(IntegrityError), transaction.atomic():
        making.decision(run, member, withheld=run.offers.get())


def test_reached_is_who_was_sent_a_message_or_would_have_been(run):
    members = [decided(run, held_out=held_out) for held_out in (False, True, False, True)]
    for member in members[2:]:
        withdraw(member, purpose=Purpose.PERSONALISATION, channel="")
    deliver(run)
    assert responses.reached(run, np.array([each.pk for each in members])).tolist() == [True, True, False, False]
    assert responses.contacts(run, np.array([each.pk for each in members])).tolist() == [2, 0, 0, 0]
