"""Held-out members receive nothing, whatever the code does: the database is asked to break the rule in every way."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaigns import delivery
from campaigns.models import Decision, Delivery
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel)


@pytest.fixture
def run(terms):
    return making.run(making.campaign(), terms)


def deliver_by_hand(run, member, *, held_out: bool) -> None:
    Delivery.objects.create(
        run=run,
        member=member,
        held_out=held_out,
        run_offer=run.offers.get(),
        channel="email",
        state="sent",
        at=making.NOON,
    )


def test_a_delivery_to_a_treated_member_is_possible(run):
    """The control: the same row as below is accepted for a treated member, so what refuses is the arm."""
    member = making.member()
    making.decision(run, member, offer=run.offers.get())
    deliver_by_hand(run, member, held_out=False)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("claimed", [False, True])
def test_the_database_refuses_a_delivery_to_a_held_out_member(run, claimed):
    member = making.member()
    making.decision(run, member, held_out=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        deliver_by_hand(run, member, held_out=claimed)
    assert Delivery.objects.count() == 0


def test_the_database_refuses_a_delivery_to_a_member_never_decided_on(run):
    with pytest.raises(IntegrityError), transaction.atomic():
        deliver_by_hand(run, making.member(), held_out=False)


def test_without_the_key_the_same_delivery_gets_through(run):
    """The negative control: what stops it is the key, and nothing before it."""
    member = making.member()
    making.decision(run, member, held_out=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with open questions cannot be altered
        cursor.execute("ALTER TABLE campaigns_delivery DROP CONSTRAINT delivery_follows_a_treated_decision")
    deliver_by_hand(run, member, held_out=False)
    assert Delivery.objects.filter(member=member).count() == 1


@pytest.mark.parametrize("change", ["held_out = false, arm = 'treated'", "arm = 'generic', held_out = false"])
def test_an_arm_cannot_be_edited(run, change):
    making.decision(run, making.member(), held_out=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_decision SET {change}")  # noqa: S608 - the test's own text
    assert Decision.objects.filter(held_out=True).count() == 1


def test_a_held_out_member_cannot_be_decided_an_offer(run):
    with pytest.raises(IntegrityError), transaction.atomic():
        making.decision(run, making.member(), offer=run.offers.get(), held_out=True)


def test_delivering_a_run_reaches_every_treated_and_no_held_out_member(run, mailoutbox):
    treated, held_out = [making.member() for _ in range(20)], [making.member() for _ in range(20)]
    for member in treated + held_out:
        making.grant(member, "email")
        making.decision(
            run, member, offer=None if member in held_out else run.offers.get(), held_out=member in held_out
        )
    delivery.deliver(run, first=0, last=held_out[-1].pk, at=making.NOON)
    assert {sent.member_id for sent in Delivery.objects.all()} == {member.pk for member in treated}
    assert {mail.to[0] for mail in mailoutbox} == {member.contact.email for member in treated}
