import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations
from threading import Barrier, Event

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns import delivery
from campaigns.channels import email
from campaigns.models import Run
from loyalty import consent
from loyalty.models import Consent, Member
from loyalty.models.consent import Channel, Purpose
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db

EMAIL = Channel.EMAIL
SOON = NOON + dt.timedelta(hours=1)


@pytest.fixture
def member() -> Member:
    return making.member()


def say(member: Member, at: dt.datetime = NOON, *, granted: bool, purpose=Purpose.MARKETING, channel=EMAIL) -> Consent:
    channel = "" if purpose == Purpose.PERSONALISATION else channel
    return consent.record(member, purpose=purpose, channel=channel, granted=granted, at=at, source="test")


allow, withdraw = partial(say, granted=True), partial(say, granted=False)


# -- which row holds ---------------------------------------------------------------------------------------------------


def test_nobody_is_contactable_who_was_never_asked(member: Member) -> None:
    assert consent.contactable(EMAIL) == set()


def test_latest_row_holds(member: Member) -> None:
    for day, granted in enumerate([True, False, True, False]):
        say(member, NOON + day * DAY, granted=granted)
        assert consent.contactable(EMAIL) == ({member.pk} if granted else set())


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_order_of_recording_does_not_matter(member: Member, order: tuple[int, ...]) -> None:
    said = [True, False, True, False]
    for day in order:
        say(member, NOON + day * DAY, granted=said[day])
    assert consent.contactable(EMAIL) == set()


@pytest.mark.parametrize("last", [True, False])
def test_of_two_at_the_same_moment_the_one_recorded_last_holds(member: Member, last: bool) -> None:
    say(member, granted=not last)
    say(member, granted=last)
    assert consent.contactable(EMAIL) == ({member.pk} if last else set())


def test_row_recorded_twice_is_one(member: Member) -> None:
    assert allow(member) == allow(member)
    assert Consent.objects.count() == 1


def test_old_row_recorded_again_does_not_come_back_to_hold(member: Member) -> None:
    allow(member)
    withdraw(member, SOON)
    allow(member)
    assert consent.contactable(EMAIL) == set()


def test_channels_are_independent(member: Member) -> None:
    allow(member, channel=Channel.EMAIL)
    allow(member, channel=Channel.APP)
    withdraw(member, SOON, channel=Channel.EMAIL)
    assert consent.contactable(Channel.EMAIL) == set()
    assert consent.contactable(Channel.APP) == {member.pk}


def test_members_are_independent(member: Member) -> None:
    other = making.member()
    allow(member)
    allow(other)
    withdraw(other, SOON)
    assert consent.contactable(EMAIL) == {member.pk}


def test_only_the_members_asked_for_are_told(member: Member) -> None:
    other = making.member()
    allow(member)
    allow(other)
    assert consent.contactable(EMAIL, members=[other.pk]) == {other.pk}
    assert consent.contactable(EMAIL, members=iter([other.pk])) == {other.pk}
    assert consent.contactable(EMAIL, members=[]) == set()


def test_personal_choice_needs_no_grant(member: Member) -> None:
    allow(member)
    assert consent.contactable(EMAIL) == {member.pk}


def test_withdrawn_personal_choice_stops_every_channel_and_leaves_the_grants(member: Member) -> None:
    for channel in Channel:
        allow(member, channel=channel)
    withdraw(member, purpose=Purpose.PERSONALISATION)
    assert [consent.contactable(channel) for channel in Channel] == [set(), set()]
    allow(member, SOON, purpose=Purpose.PERSONALISATION)
    assert [consent.contactable(channel) for channel in Channel] == [{member.pk}, {member.pk}]


def test_grant_of_personal_choice_is_no_grant_of_marketing(member: Member) -> None:
    allow(member, purpose=Purpose.PERSONALISATION)
    assert consent.contactable(EMAIL) == set()


def test_record_keeps_what_was_shown_and_where(member: Member) -> None:
    consent.record(
        member, purpose=Purpose.MARKETING, channel=EMAIL, granted=True, at=NOON, source="till 4", wording="May we?"
    )
    held = consent.of(member)[Purpose.MARKETING, EMAIL]
    assert (held.granted, held.at, held.source, held.wording) == (True, NOON, "till 4", "May we?")


def test_change_holds_at_once_even_if_a_row_claims_a_later_moment(member: Member) -> None:
    allow(member, NOON + 365 * DAY)
    for granted in (False, True, False):  # each on a clock that stands still
        consent.change(member, purpose=Purpose.MARKETING, channel=EMAIL, granted=granted, at=NOON, source="test")
        assert consent.contactable(EMAIL) == ({member.pk} if granted else set())


# -- append-only -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["granted = false", "at = at + interval '1 day'", "wording = 'other'"])
def test_row_cannot_be_edited(member: Member, change: str) -> None:
    allow(member)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE loyalty_consent SET {change}")  # noqa: S608 - the test's own text
    assert consent.contactable(EMAIL) == {member.pk}


def test_without_the_trigger_it_could_be_edited(member: Member) -> None:
    """The negative control: it is the trigger that refuses."""
    allow(member)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with open questions cannot be altered
        cursor.execute("ALTER TABLE loyalty_consent DISABLE TRIGGER consents_are_append_only")
        cursor.execute("UPDATE loyalty_consent SET granted = false")
    assert consent.contactable(EMAIL) == set()


def delete(member: Member, *, before: str = "SET CONSTRAINTS ALL IMMEDIATE") -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(before)
        cursor.execute("DELETE FROM loyalty_consent WHERE member_id = %s", [member.pk])


def test_row_cannot_be_deleted_nor_the_member_with_it(member: Member) -> None:
    allow(member)
    with pytest.raises(DatabaseError, match="only the erasure of a person deletes"):
        delete(member)
    with pytest.raises(DatabaseError, match="only the erasure of a person deletes"), transaction.atomic():
        member.delete()
    assert consent.contactable(EMAIL) == {member.pk}


@pytest.mark.parametrize(
    "before", ["SET LOCAL liftwell.erasing = 'on'", "ALTER TABLE loyalty_consent DISABLE TRIGGER consents_are_kept"]
)
def test_an_erasure_deletes_and_so_would_anybody_without_the_trigger(member: Member, before: str) -> None:
    """The negative control beside what it lets through."""
    allow(member)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    delete(member, before=before)
    assert consent.contactable(EMAIL) == set()


# -- races -------------------------------------------------------------------------------------------------------------

RACES = 60
PAUSE = 0.004  # between asking for consent and sending, so that a withdrawal can fall in between


@pytest.mark.django_db(transaction=True)
def test_consent_is_held_only_inside_the_transaction_that_sends(member: Member) -> None:
    with pytest.raises(transaction.TransactionManagementError, match="transaction that sends"):
        consent.held_for_sending(EMAIL, [member.pk])


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """When each address's message began: the real delivery hands over to this instead of a mail server."""
    begun: dict[str, float] = {}

    def send(envelopes: list) -> None:
        time.sleep(PAUSE)
        begun.update({envelope.contact.email: time.monotonic() for envelope in envelopes})

    monkeypatch.setattr(email, "send", send)
    return begun


@pytest.fixture
def sessions() -> Iterator[ThreadPoolExecutor]:
    """Two sessions of the database, each in a thread of its own."""
    with ThreadPoolExecutor(2) as pool:
        yield pool
        ends = Barrier(2)
        for _ in range(2):
            pool.submit(lambda: (ends.wait(), connection.close()))


@pytest.fixture(params=[consent.held_for_sending], ids=["held"])
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set once a sender has its answer; the answer is asked for in the way of the parameter."""
    answered = Event()

    def ask(channel: str, members: list[int]) -> set[int]:
        answer = request.param(channel, members=members)
        answered.set()
        return answer

    monkeypatch.setattr(consent, "held_for_sending", ask)
    return answered


@pytest.fixture
def race(sessions: ThreadPoolExecutor, post: dict[str, float], asked: Event, mara, abel) -> Callable[..., str]:
    """One member's message against their withdrawal: sent, refused, or sent too late.

    The withdrawal begins after a moment: after the sender has its answer, or after both have started.
    """
    terms = making.approved_terms(author=mara, approver=abel)
    run: Run = making.run(making.campaign(), terms)

    def race(moment: float, *, answered_first: bool) -> str:
        asked.clear()
        member, start = making.member(), Barrier(2)
        making.grant(member, EMAIL)
        making.decision(run, member, offer=run.offers.get())

        def send() -> None:
            start.wait()
            with transaction.atomic():
                delivery.deliver(run, first=member.pk, last=member.pk, at=NOON)

        def take_back() -> float:
            start.wait()
            assert not answered_first or asked.wait(timeout=60)
            time.sleep(moment)
            withdraw(member)
            return time.monotonic()

        sending, withdrawal = sessions.submit(send), sessions.submit(take_back)
        sending.result()
        acknowledged, begun = withdrawal.result(), post.get(member.contact.email)
        if begun is None:
            return "refused"
        return "sent too late" if begun > acknowledged else "sent"

    return race


def run_races(race: Callable[..., str]) -> Counter[str]:
    """60 each way, in which the withdrawal begins before the sender has its answer, or after."""
    chance = random.Random(20260302)
    return Counter(race(chance.uniform(0, PAUSE), answered_first=way) for _ in range(RACES) for way in (True, False))


@pytest.mark.django_db(transaction=True)
def test_no_message_begins_once_a_withdrawal_was_acknowledged(race: Callable[..., str]) -> None:
    outcomes = run_races(race)
    assert outcomes["sent too late"] == 0  # in 120
    assert outcomes["sent"] >= RACES
    assert outcomes["refused"] > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", [consent.contactable], indirect=True, ids=["not held"])
def test_without_the_lock_messages_would_begin_too_late(race: Callable[..., str]) -> None:
    """The negative control: the same races with consent only asked for."""
    assert run_races(race)["sent too late"] > 0
