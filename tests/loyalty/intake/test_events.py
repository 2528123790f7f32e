import datetime as dt

import pytest
from django.db import connection

from loyalty import events, identity
from loyalty.events.rules import NO_PURPOSE
from loyalty.models import Event, Member
from loyalty.staging import barring
from tests.bringing import fates, rejects

MARCH = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

HEADER = "event_ref,member_ref,at,kind"


def test_an_event_is_kept_with_all_it_says(shop):
    shop("events", f"{HEADER},product_ref,offer_ref,channel,value,text\ne1,m1,2026-03-01,search,p1,o1,web,1.5,decaf\n")
    event = Event.objects.get()
    assert (event.kind, event.member.ref, event.product.ref) == ("search", "m1", "p1")
    assert (event.offer_ref, event.channel, event.value, event.text) == ("o1", "web", 1.5, "decaf")


def test_any_plain_name_is_a_kind(shop):
    assert fates(shop("events", f"{HEADER}\ne1,m1,2026-03-01,own_kind\ne2,m1,2026-03-01,New Kind\n")) == (
        1,
        0,
        0,
        1,
    )


def test_an_event_of_nobody_is_rejected(shop):
    assert rejects(shop("events", f"{HEADER}\ne1,,2026-03-01,view\n"))[0][1] == "member_ref"


def test_the_same_file_again_changes_nothing(shop):
    content = f"{HEADER},value\ne1,m1,2026-03-01,visit,\ne2,m2,2026-03-01,visit,0.1\n"
    shop("events", content)
    assert fates(shop("events", content)) == (0, 0, 2, 0)


def test_a_known_event_does_not_change(shop):
    shop("events", f"{HEADER}\ne1,m1,2026-03-01,app_open\n")
    assert fates(shop("events", f"{HEADER}\ne1,m1,2026-03-01,click\n")) == (0, 0, 0, 1)


def test_what_a_kind_needs_has_to_be_there(shop):
    result = shop("events", f"{HEADER},product_ref,text\ne1,m1,2026-03-01,view,,\ne2,m1,2026-03-01,search,,tea\n")
    assert rejects(result) == [(2, "product_ref", "", "is needed for an event of this kind")]
    assert fates(result) == (1, 0, 0, 1)


def test_what_is_known_stays_known_whatever_its_kind_needs(shop):
    Event.objects.create(member=Member.objects.get(ref="m1"), ref="e1", kind="view", at=MARCH)
    assert fates(shop("events", f"{HEADER}\ne1,m1,2026-03-01T00:00:00Z,view\n")) == (0, 0, 1, 0)


@pytest.fixture
def refusing(shop):
    """A shop of which m1 wants no offers chosen for them."""
    shop("consents", "member_ref,purpose,channel,granted,at\nm1,personalisation,,false,2026-02-01\n")
    return shop


def test_behaviour_of_a_member_who_refuses_personal_offers_is_left_out_with_the_reason(refusing):
    result = refusing("events", f"{HEADER}\ne1,m1,2026-03-01,app_open\ne2,m2,2026-03-01,app_open\n")
    assert [(line, column, value) for line, column, value, _ in rejects(result)] == [(2, "member_ref", "m1")]
    assert rejects(result)[0][3] == NO_PURPOSE
    assert [event.ref for event in Event.objects.all()] == ["e2"]


def test_what_has_a_reason_of_its_own_is_kept_of_everybody(refusing):
    rows = "e1,m1,2026-03-01,offer_completed,o,\ne2,m1,2026-03-01,survey_answer,,yes\n"
    assert fates(refusing("events", f"{HEADER},offer_ref,text\n{rows}")) == (2, 0, 0, 0)


def test_what_was_kept_before_the_refusal_is_known(shop):
    content = f"{HEADER}\ne1,m1,2026-03-01,app_open\n"
    shop("events", content)
    shop("consents", "member_ref,purpose,channel,granted,at\nm1,personalisation,,false,2026-03-02\n")
    assert fates(shop("events", content)) == (0, 0, 1, 0)


def test_what_was_kept_before_is_known_though_nothing_else_of_the_file_is(refusing):
    Event.objects.create(member=Member.objects.get(ref="m1"), ref="e1", kind="app_open", at=MARCH)
    content = f"{HEADER}\ne1,m1,2026-03-01T00:00:00Z,app_open\ne2,m2,2026-03-01,app_open\n"
    assert fates(refusing("events", content)) == (1, 0, 1, 0)


def test_refusal_by_one_holds_for_all_who_are_one_person(refusing):
    one, other = Member.objects.get(ref="m1"), Member.objects.get(ref="m2")
    identity.merge(one, other, by=None, at=MARCH, why="the same e-mail address")
    assert fates(refusing("events", f"{HEADER}\ne1,m2,2026-03-01,app_open\n")) == (0, 0, 0, 1)


def test_members_are_asked_about_in_parts(refusing, monkeypatch):
    monkeypatch.setattr(barring, "AT_ONCE", 1)
    rows = "".join(f"e{number},m{number % 2 + 1},2026-03-01,app_open\n" for number in range(6))
    assert fates(refusing("events", f"{HEADER}\n{rows}")) == (3, 0, 0, 3)


def test_in_however_many_parts_the_staged_rows_are_gone_through_once(refusing, monkeypatch):
    monkeypatch.setattr(barring, "AT_ONCE", 1)
    Event.objects.create(member=Member.objects.get(ref="m1"), ref="e1", kind="app_open", at=MARCH)  # so it is staged
    asked = []

    def note(execute, sql, *rest):
        asked.append(str(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        refusing("events", f"{HEADER}\ne1,m1,2026-03-01,app_open\ne2,m2,2026-03-01,app_open\n")
    assert sum("SELECT DISTINCT named.id FROM staged" in each for each in asked) == 1


def test_file_and_machine_are_told_the_same(refusing):
    """Of the same event, the events API says the same words."""
    sent = {"event_ref": "e1", "member_ref": "m1", "at": "2026-03-01T00:00:00Z", "kind": "app_open"}
    (refusal,) = events.take_in([sent], at=MARCH).refusals
    result = refusing("events", f"{HEADER}\ne1,m1,2026-03-01,app_open\n")
    assert refusal.detail == f"member_ref {rejects(result)[0][3]}."


def test_a_file_is_held_to_the_same_types_as_a_machine(shop):
    rows = "e1,m1,2026-03-01,serach,,1\ne2,m1,2026-03-01,visit,carrier pigeon,1\ne3,m1,2026-03-01,visit,web,-5\n"
    found = rejects(shop("events", f"{HEADER},channel,value\n{rows}e4,m1,2026-03-01,visit,web,1e12\n"))
    assert [row[:3] for row in found] == [
        (2, "kind", "serach"), (3, "channel", "carrier pigeon"), (4, "value", "'-5"), (5, "value", "1000000000000"),
    ]  # fmt: skip
