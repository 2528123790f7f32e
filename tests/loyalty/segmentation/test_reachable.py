import datetime as dt
import threading
import time

import numpy as np
import pytest
from django.db import connection

from loyalty import consent
from loyalty.models import Member
from loyalty.models.consent import Channel, Purpose
from loyalty.profiling.table import Profiles
from loyalty.segmentation import reachable
from tests import making, proc

NOON = making.NOON
EMAIL = Channel.EMAIL


def profiles_of(ids) -> Profiles:
    return Profiles(NOON.date(), np.array(sorted(ids), dtype=np.int64), {}, {}, {})


def ids_in(members: Profiles, known: reachable.Reachable) -> set[int]:
    return set(members.member_ids[known.inside.positions()].tolist())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_same_members_as_consent_itself_answers(seed, monkeypatch):
    monkeypatch.setattr(reachable, "IDS_AT_ONCE", 5)
    monkeypatch.setattr(reachable, "LOOKED_UP", 2)
    rng = np.random.default_rng(seed)
    people = [making.member() for _ in range(12)]
    for number in range(60):
        purpose, channel = [("marketing", "email"), ("marketing", "app"), ("personalisation", "")][rng.integers(3)]
        consent.record(
            people[rng.integers(12)],
            purpose=Purpose(purpose),
            channel=channel,
            granted=bool(rng.integers(2)),
            at=NOON - dt.timedelta(minutes=int(rng.integers(5))),
            source=str(number),
        )
    members = profiles_of(Member.objects.values_list("pk", flat=True))
    for channel in Channel:
        assert ids_in(members, reachable.read(members, channel, at=NOON)) == consent.contactable(channel)


@pytest.mark.django_db
def test_members_whom_the_snapshot_does_not_know_are_left_out():
    people = [making.member() for _ in range(5)]
    for member in people:
        making.grant(member, "email")
    members = profiles_of(member.pk for member in people[1:4:2])
    assert ids_in(members, reachable.read(members, EMAIL, at=NOON)) == {people[1].pk, people[3].pk}
    nobody = profiles_of([])
    assert reachable.read(nobody, EMAIL, at=NOON).inside.count == 0


@pytest.mark.django_db
def test_of_few_members_a_withdrawal_counts_at_once():
    member = making.member()
    making.grant(member, "email")
    members = profiles_of([member.pk])
    assert reachable.reachable(members, EMAIL, at=NOON).inside.count == 1
    consent.record(member, purpose=Purpose.MARKETING, channel="email", granted=False, at=NOON, source="test")
    assert reachable.reachable(members, EMAIL, at=NOON).inside.count == 0


@pytest.fixture
def many(monkeypatch):
    """Any number of members is many."""
    monkeypatch.setattr(reachable, "AT_ONCE", 0)


def wait_until_read() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("consent by"):
            thread.join(timeout=10)


@pytest.mark.django_db(transaction=True)
def test_of_many_it_is_read_behind_the_page_and_held_with_its_age(many):
    member = making.member()
    making.grant(member, "email")
    members = profiles_of([member.pk])
    assert reachable.reachable(members, EMAIL, at=NOON) is None
    wait_until_read()
    consent.record(member, purpose=Purpose.MARKETING, channel="email", granted=False, at=NOON, source="test")
    later = NOON + reachable.HELD_FOR
    known = reachable.reachable(members, EMAIL, at=later)
    assert (known.inside.count, known.at) == (1, NOON)


@pytest.mark.django_db(transaction=True)
def test_what_is_too_old_is_read_again_behind_the_page(many):
    member = making.member()
    members = profiles_of([member.pk])
    reachable.reachable(members, EMAIL, at=NOON)
    wait_until_read()
    making.grant(member, "email")
    later = NOON + reachable.HELD_FOR + dt.timedelta(seconds=1)
    assert reachable.reachable(members, EMAIL, at=later).inside.count == 0
    wait_until_read()
    assert reachable.reachable(members, EMAIL, at=later).inside.count == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_read_by_one_thread_at_a_time_which_leaves_no_connection_open(many, monkeypatch):
    reads, read = [], reachable.read

    def slowly(*args, **kwargs):
        reads.append(connection)
        time.sleep(0.2)
        return read(*args, **kwargs)

    monkeypatch.setattr(reachable, "read", slowly)
    members = profiles_of([making.member().pk])
    assert [reachable.reachable(members, EMAIL, at=NOON) for _ in range(5)] == [None] * 5
    wait_until_read()
    assert len(reads) == 1
    assert proc.eventually(lambda: others_connected() == 0)  # the server takes a moment to notice who has gone


def others_connected() -> int:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        """)
        return cursor.fetchone()[0]
