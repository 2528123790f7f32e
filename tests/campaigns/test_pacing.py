"""Quiet hours and so many messages a minute: what waits, for how long, and that held-out members wait alike."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from campaigns import chunks, delivery, pacing, run
from campaigns.models import Campaign, Chunk, Delivery, Ghost, Run, Wait
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db

NIGHT = {"app": ["21:00", "08:00"]}
EVENING = NOON.replace(hour=22)
MORNING = NOON.replace(hour=8) + making.DAY
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel, channels=("email", "app"))


@pytest.fixture
def sending(terms, monkeypatch):
    """A run about to deliver to ten members by the app, of whom every second is held out."""
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    return made(terms, members=10, channels=["app"])


def made(terms, *, members: int, channels: list[str]) -> Run:
    sending = making.run(making.campaign(channels=channels, state="running"), terms)
    offer = sending.offers.get()
    told = [making.member() for _ in range(members)]
    for number, member in enumerate(told):
        making.grant(member, "email", "app")
        given = {"held_out": True, "withheld": offer} if number % 2 else {"offer": offer}
        making.decision(sending, member, **given)
    chunk = {"stage": Chunk.Stage.DELIVER, "number": 0, "members": members}
    Chunk.objects.create(run=sending, first=told[0].pk, last=told[-1].pk, **chunk)
    return sending


def work(sending: Run, at: dt.datetime) -> Run:
    run.work(sending.pk, now=lambda: at)
    sending.refresh_from_db()
    return sending


def told() -> Counter[tuple[type, dt.datetime]]:
    """How many were sent something and how many would have been, by moment."""
    return Counter((model, at) for model in (Delivery, Ghost) for at in model.objects.values_list("at", flat=True))


# -- quiet hours -------------------------------------------------------------------------------------------------------


def test_a_run_waits_for_the_end_of_quiet_hours_and_then_goes_on(sending, settings):
    settings.QUIET_HOURS = NIGHT
    assert work(sending, EVENING).state == Run.State.DELIVERING
    assert (told(), Wait.objects.get().until) == ({}, MORNING)
    assert work(sending, MORNING).state == Run.State.FINISHED


def test_held_out_members_would_have_been_sent_to_in_the_same_moment_as_the_others(sending, settings):
    settings.QUIET_HOURS = NIGHT
    for at in (EVENING, MORNING):
        work(sending, at)
    assert told() == {(Delivery, MORNING): 5, (Ghost, MORNING): 5}


@pytest.mark.parametrize("hours", [{}, {"email": ["21:00", "08:00"]}])
def test_without_quiet_hours_of_its_channels_it_is_sent_at_once(sending, settings, hours):
    """The control."""
    settings.QUIET_HOURS = hours
    assert work(sending, EVENING).state == Run.State.FINISHED
    assert told() == {(Delivery, EVENING): 5, (Ghost, EVENING): 5}


def test_a_campaign_waits_as_a_whole_where_one_of_its_channels_is_quiet(terms, settings, mailoutbox):
    settings.QUIET_HOURS = NIGHT
    sending = made(terms, members=2, channels=["email", "app"])
    work(sending, EVENING)
    assert (told(), mailoutbox) == ({}, [])


def test_waiting_is_no_failure_however_often_somebody_asks(sending, settings):
    settings.QUIET_HOURS = NIGHT
    for minute in range(3 * chunks.MOST_ATTEMPTS):
        Wait.objects.all().delete()
        work(sending, EVENING + minute * MINUTE)
    chunk = sending.chunks.get()
    assert (chunk.attempts, chunk.lease_until) == (0, None)
    assert work(sending, MORNING).state == Run.State.FINISHED


def test_while_a_run_waits_nobody_takes_its_chunks(sending, settings, monkeypatch):
    settings.QUIET_HOURS = NIGHT
    work(sending, EVENING)
    monkeypatch.setattr(chunks, "take", lambda _: pytest.fail("It was taken."))
    work(sending, EVENING + MINUTE)


def test_members_may_be_in_any_of_the_zones_that_are_named(sending, settings):
    settings.QUIET_HOURS, settings.MEMBER_TIME_ZONES = NIGHT, ["Europe/London", "America/New_York"]
    work(sending, NOON)  # seven in the morning in New York
    assert Wait.objects.get().until == NOON.replace(hour=13)


@pytest.mark.parametrize(
    ("last_moment", "valid_until", "reason"),
    [
        (MORNING, None, delivery.ENDED),
        (MORNING + MINUTE, EVENING.date(), delivery.EXPIRED),
        (MORNING + MINUTE, MORNING.date(), ""),
    ],
)
def test_what_is_over_in_the_morning_is_not_sent(mara, abel, settings, last_moment, valid_until, reason):
    settings.QUIET_HOURS = NIGHT
    terms = making.approved_terms(author=mara, approver=abel, channels=("app",), valid_until=valid_until)
    sending = made(terms, members=2, channels=["app"])
    Campaign.objects.update(ends_at=last_moment)
    for at in (EVENING, MORNING):
        work(sending, at)
    state = ("refused", "refused") if reason else ("sent", "would_send")
    assert set(Delivery.objects.values_list("state", "reason")) == {(state[0], reason)}
    assert set(Ghost.objects.values_list("state", "reason")) == {(state[1], reason)}


# -- so many a minute --------------------------------------------------------------------------------------------------


def test_so_many_a_minute_go_and_the_others_wait_for_the_next(sending, settings):
    settings.MOST_A_MINUTE = {"app": 4}
    states = [work(sending, NOON + number * MINUTE).state for number in range(3)]
    assert states == [Run.State.DELIVERING, Run.State.DELIVERING, Run.State.FINISHED]
    assert Counter(at for _, at in told().elements()) == {NOON: 4, NOON + MINUTE: 4, NOON + 2 * MINUTE: 2}


def test_what_is_withheld_takes_a_place_of_the_minute_as_a_message_does(sending, settings):
    settings.MOST_A_MINUTE = {"app": 4}
    work(sending, NOON)
    assert told() == {(Delivery, NOON): 2, (Ghost, NOON): 2}


def test_all_campaigns_take_from_the_same_minute(sending, terms, settings):
    settings.MOST_A_MINUTE = {"app": 14}
    work(sending, NOON)
    other = work(made(terms, members=10, channels=["app"]), NOON)
    assert (sum(told().values()), other.state) == (14, Run.State.DELIVERING)


def test_one_channel_that_is_slow_does_not_keep_back_the_other(terms, settings, mailoutbox):
    settings.MOST_A_MINUTE = {"email": 2}
    sending = made(terms, members=10, channels=["email", "app"])
    work(sending, NOON)
    assert Counter(sending.deliveries.values_list("channel", flat=True)) == {"email": 1, "app": 5}
    for number in range(1, 5):
        work(sending, NOON + number * MINUTE)
    assert sending.state == Run.State.FINISHED
    assert len(mailoutbox) == sending.deliveries.filter(channel="email").count() == 5


def test_a_refusal_takes_no_place(sending, settings):
    settings.MOST_A_MINUTE = {"app": 2}
    Campaign.objects.update(ends_at=NOON)
    assert work(sending, NOON).state == Run.State.FINISHED


def test_a_minute_that_others_have_begun_is_not_ended_again(settings):
    """Who is late by the time it is their turn asks anew, instead of counting from nothing."""
    settings.MOST_A_MINUTE = {"app": 4}
    with transaction.atomic():
        pacing.take_turn(["app"], at=NOON)
        taken = [pacing.take("app", 3, at=NOON + late) for late in (MINUTE, 0 * MINUTE, MINUTE, 2 * MINUTE)]
    assert taken == [3, 0, 1, 3]


def test_a_limit_that_was_lowered_gives_nothing_more_in_its_minute(settings):
    settings.MOST_A_MINUTE = {"app": 4}
    with transaction.atomic():
        pacing.take_turn(["app"], at=NOON)
        assert pacing.take("app", 4, at=NOON) == 4
        settings.MOST_A_MINUTE = {"app": 1}
        assert pacing.take("app", 4, at=NOON) == 0


THREADS, TIMES, MOST = 4, 50, 100


def taken_at_once(turn) -> Counter[dt.datetime]:
    """Threads that take a few places each, again and again, in the course of two minutes of the same clock."""

    def take(thread: int) -> Counter[dt.datetime]:
        found: Counter[dt.datetime] = Counter()
        for number in range(TIMES):
            at = NOON + (number >= TIMES // 2) * MINUTE
            with transaction.atomic():
                turn(at)
                found[at] += pacing.take("app", 7, at=at)
        connection.close()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(take, range(THREADS)), Counter())


@pytest.mark.django_db(transaction=True)
def test_four_workers_together_never_take_more_than_a_minute_has(settings):
    """1,400 places are asked for in two minutes that have 100 each."""
    settings.MOST_A_MINUTE = {"app": MOST}
    taken = taken_at_once(lambda at: pacing.take_turn(["app"], at=at))
    assert taken[NOON] <= MOST
    assert taken[NOON + MINUTE] == MOST


@pytest.mark.django_db(transaction=True)
def test_without_a_count_that_is_read_and_written_under_a_lock_they_would_take_more(settings, monkeypatch):
    """The negative control: each reads what was taken, and then writes what it makes of that."""
    settings.MOST_A_MINUTE = {"app": MOST}
    with transaction.atomic():
        pacing.take_turn(["app"], at=NOON)

    def unguarded(channel: str, wanted: int, *, at: dt.datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT CASE WHEN minute = %s THEN taken ELSE 0 END FROM campaigns_pace", [at])
            (before,) = cursor.fetchone()
            cursor.execute("SELECT pg_sleep(0.002)")
            going = max(min(wanted, MOST - before), 0)
            cursor.execute("UPDATE campaigns_pace SET minute = %s, taken = %s", [at, before + going])
        return going

    monkeypatch.setattr(pacing, "take", unguarded)
    assert max(taken_at_once(lambda _: None).values()) > MOST


def test_it_is_told_how_long_so_many_messages_take(settings):
    settings.MOST_A_MINUTE = {"email": 600, "app": 5_000}
    assert [pacing.minutes_for(20_000, channels) for channels in (["email", "app"], ["app"], [])] == [34, 4, 0]


def test_the_rules_are_told_in_words(settings):
    settings.QUIET_HOURS, settings.MOST_A_MINUTE = NIGHT, {"email": 600}
    assert list(pacing.in_words(["email", "app"])) == [
        ("Quiet hours", "App inbox 21:00 to 08:00 (UTC)"),
        ("Messages a minute", "at most E-mail 600"),
    ]
    assert list(pacing.in_words([])) == []
