"""Held-out members in great number, through every way by which a message can come to be: none of them gets one.

Each way tries each member by itself, so that the refusal of one hides nobody who got through. The control of each is
the same way without what the database holds against it.
"""

import datetime as dt
import os
from decimal import Decimal

import numpy as np
import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from campaigns import decisions, delivery, holdouts, responses
from campaigns.assignment.holdout import Arm
from campaigns.models import Decision, Delivery, Ghost
from campaigns.plan import Plan
from loyalty.models import Member, Scope
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db

MEMBERS = int(os.environ.get("HELD_OUT_MEMBERS", "2000"))
AT_ONCE = 200
KEY = "ALTER TABLE campaigns_delivery DROP CONSTRAINT delivery_follows_a_treated_decision"
TRIGGERS = """
    DROP TRIGGER the_universal_holdout_receives_nothing ON campaigns_delivery;
    DROP TRIGGER the_universal_holdout_is_moved_nothing ON campaigns_delivery
"""
CONSENTS = """
    INSERT INTO loyalty_consent (member_id, purpose, channel, granted, at, wording, source, recorded_at)
    SELECT id, 'marketing', 'app', true, %(at)s, '', 'test', %(at)s FROM loyalty_member
"""
# A row for each decision of a run, each by itself; how many of them the database took.
ONE_BY_ONE = """
    CREATE FUNCTION pg_temp.taken(of_run bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        decided record;
        taken bigint := 0;
    BEGIN
        FOR decided IN SELECT * FROM campaigns_decision WHERE run_id = of_run LOOP
            BEGIN
                INSERT INTO campaigns_delivery
                    (run_id, member_id, rank, held_out, run_offer_id, channel, state, reason, at)
                VALUES (of_run, decided.member_id, 0, false, coalesce(decided.run_offer_id, decided.withheld_id), 'app',
                        'sent', '', decided.at);
                taken := taken + 1;
            EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN NULL;
            END;
        END LOOP;
        RETURN taken;
    END $$
"""


@pytest.fixture
def members():
    made = Member.objects.bulk_create(Member(ref=f"M-{number:06}") for number in range(MEMBERS))
    with connection.cursor() as cursor:
        cursor.execute(CONSENTS, {"at": NOON - making.DAY})
        cursor.execute("ANALYZE loyalty_member")  # which the database does by itself where members were there before
    return np.array([member.pk for member in made])


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel, channels=("app",))


def decided(members, terms, arm, **facts):
    """A run that decided on all these members, each in this arm, or each in its own."""
    run = making.run(making.campaign(channels=["app"]), terms, **facts)
    arms = np.broadcast_to(np.asarray(arm, dtype=np.uint8), len(members)).copy()
    offer = np.where(np.isin(arms, [Arm.HELD_OUT, Arm.UNIVERSAL]), -1, 0).astype(np.int16)[:, None]
    plan = Plan(
        member_ids=members,
        arm=arms,
        explored=np.zeros(len(members), dtype=np.bool_),
        offer=offer,
        withheld=-1 - offer,
        score=np.ones((len(members), 1), dtype=np.float32),
        probability=np.full((len(members), 1), 0.1),
    )
    decisions.begin(run, at=NOON)
    decisions.log(run, plan)
    decisions.close(run, plan)
    return run


@pytest.fixture
def held_out(members, terms):
    """A run in which half are held out by the campaign, and half take part in nothing."""
    return decided(members, terms, np.where(np.arange(len(members)) % 2, Arm.HELD_OUT, Arm.UNIVERSAL))


@pytest.fixture
def treated_before(members, terms):
    """A run that decided to treat everybody, before holdouts were drawn that take half of them out."""
    run = decided(members, terms, Arm.TREATED)
    making.draw(begins=NOON.date(), universal_share=Decimal("0.5"))
    return run


def deliver(run, members) -> None:
    for first in range(0, len(members), AT_ONCE):
        some = members[first : first + AT_ONCE]
        with transaction.atomic():
            delivery.deliver(run, first=int(some[0]), last=int(some[-1]), at=NOON)


def one_by_one(run) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(ONE_BY_ONE)
        cursor.execute("SELECT pg_temp.taken(%s)", [run.pk])
        (taken,) = cursor.fetchone()
    return int(taken)


def without(guard: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with open questions cannot be altered
        cursor.execute(guard)


def copied(rows) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY campaigns_delivery ({delivery.COLUMNS}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((*row, "app", "sent", "", NOON))


def by_hand(decision: Decision, at: dt.datetime = NOON) -> Delivery:
    facts = {"run_offer_id": decision.chosen_id, "channel": "app", "state": "sent", "at": at}
    return Delivery(run_id=decision.run_id, member_id=decision.member_id, **facts)


# -- the campaign's and the programme's held-out members, by key -------------------------------------------------------


def test_delivering_and_sending_again_reaches_nobody_who_is_held_out(held_out, members):
    for _ in range(2):
        deliver(held_out, members)
    assert Delivery.objects.count() == 0
    assert Ghost.objects.filter(state="would_send").count() == len(members)
    assert responses.reached(held_out, members).all()


def test_the_same_steps_reach_everybody_who_is_treated(members, terms):
    """The control: what keeps the members of the test above from it is the arm."""
    run = decided(members, terms, Arm.TREATED)
    deliver(run, members)
    assert Delivery.objects.filter(state="sent").count() == len(members)
    assert Ghost.objects.count() == 0
    assert responses.reached(run, members).all()


def test_raw_sql_reaches_nobody_who_is_held_out(held_out):
    assert one_by_one(held_out) == 0


def test_without_the_key_raw_sql_would_reach_them_all(held_out, members):
    without(KEY)
    assert one_by_one(held_out) == len(members)


def test_the_orm_reaches_nobody_who_is_held_out(held_out):
    few = [by_hand(each) for each in held_out.decisions.order_by("member_id")]
    for first in range(0, len(few), AT_ONCE):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.bulk_create(few[first : first + AT_ONCE])
    assert Delivery.objects.count() == 0


def test_copy_reaches_nobody_who_is_held_out(held_out, members):
    offer = held_out.offers.get().pk
    rows = [(held_out.pk, member, 0, False, offer) for member in members.tolist()]
    with pytest.raises(psycopg.Error, match="delivery_follows_a_treated_decision"), transaction.atomic():
        copied(rows)
    assert Delivery.objects.count() == 0


def test_no_inbox_shows_what_was_withheld(held_out, members):
    deliver(held_out, members[:AT_ONCE])
    machine = Client(headers={"Authorization": f"Api-Key {making.machine_key(Scope.INBOX_READ)}"})
    for ref in Member.objects.filter(pk__in=members[:20].tolist()).values_list("ref", flat=True):
        assert machine.get(f"/api/v1/members/{ref}/inbox/").json()["results"] == []


def test_a_message_that_was_sent_is_not_moved_to_a_held_out_member(held_out, members, terms):
    other = decided(members[:1], terms, Arm.TREATED)
    deliver(other, members[:1])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE campaigns_delivery SET run_id = %s, member_id = %s", [held_out.pk, int(members[1])])
    assert Delivery.objects.get().member_id == members[0]


# -- those who take part in nothing, by what the database works out for itself -----------------------------------------


def universal(run, members) -> set[int]:
    return holdouts.universal(members.tolist(), run=run, at=NOON)


def test_who_takes_part_in_nothing_since_is_refused_a_message_decided_before(treated_before, members):
    for _ in range(2):
        deliver(treated_before, members)
    out = universal(treated_before, members)
    sent = set(Delivery.objects.filter(state="sent").values_list("member_id", flat=True))
    refused = dict(Delivery.objects.filter(state="refused").values_list("member_id", "reason"))
    assert (sent, set(refused)) == (set(members.tolist()) - out, out)
    assert set(refused.values()) == {delivery.HELD_OUT}


def test_raw_sql_reaches_nobody_who_takes_part_in_nothing(treated_before, members):
    assert one_by_one(treated_before) == len(members) - len(universal(treated_before, members))
    assert not Delivery.objects.filter(member__in=universal(treated_before, members)).exists()


def test_without_the_triggers_raw_sql_would_reach_them_all(treated_before, members):
    without(TRIGGERS)
    assert one_by_one(treated_before) == len(members)


@pytest.mark.parametrize("state", ["refused", "sent"])
def test_a_refusal_is_not_turned_into_a_message(treated_before, members, state):
    deliver(treated_before, members)
    turned = Delivery.objects.filter(member__in=universal(treated_before, members))
    if state == "refused":
        assert turned.update(reason="another") == turned.count() > 0
        return
    with pytest.raises(DatabaseError, match="take part in nothing this year"), transaction.atomic():
        turned.update(state="sent")


def test_without_asking_first_the_database_refuses_the_whole_chunk(treated_before, members, monkeypatch):
    """It is the last to be asked, and needs nobody before it."""
    monkeypatch.setattr("campaigns.holdouts.barred", lambda *_, **__: set())
    with pytest.raises(psycopg.Error, match="leave them out"), transaction.atomic():
        deliver(treated_before, members)
    assert Delivery.objects.count() == 0
