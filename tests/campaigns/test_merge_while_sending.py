"""A merge that commits while a run is delivered lets no second message through: two sessions, in a forced order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from campaigns import delivery
from campaigns.models import Delivery
from loyalty import aliases, identity
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(settings, tmp_path):
    settings.DATA = tmp_path
    two = making.member(), making.member()
    for each in two:
        making.grant(each, "email")
    return two


@pytest.fixture
def run(two, mara, abel):
    run = making.run(making.campaign(), making.approved_terms(author=mara, approver=abel))
    for each in two:
        making.decision(run, each, offer=run.offers.get())
    return run


def deliver(run, member) -> None:
    with transaction.atomic():
        delivery.deliver(run, first=member.pk, last=member.pk, at=NOON)


def elsewhere(act: Callable[[], object]) -> None:
    """In a session of its own, and to its end."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(act).result()
        thread.submit(lambda: connection.close()).result()


@pytest.fixture
def just_before_the_lock(monkeypatch):
    """Has something done in another session once the sender is about to hold its members."""

    def just_before_the_lock(act: Callable[[], object]) -> None:
        hold, waiting = aliases.hold, [act]

        def late(ids, *, lock):
            if waiting and lock == "SHARE":
                elsewhere(waiting.pop())
            return hold(ids, lock=lock)

        monkeypatch.setattr(aliases, "hold", late)

    return just_before_the_lock


def sent() -> list[int]:
    return list(Delivery.objects.filter(state="sent").values_list("member_id", flat=True))


@pytest.mark.parametrize("first", [0, 1])
def test_person_who_became_one_just_before_the_lock_gets_no_second_message(
    run, two, first, just_before_the_lock, mailoutbox
):
    sent_to, later = two[first], two[1 - first]
    deliver(run, sent_to)
    just_before_the_lock(lambda: identity.merge(*two, by=None, at=NOON, why="test"))
    deliver(run, later)
    assert sent() == [sent_to.pk]
    assert len(mailoutbox) == 1


def test_two_who_stay_two_are_each_written_to(run, two, just_before_the_lock, mailoutbox):
    """The control: what happens elsewhere is not a merge."""
    deliver(run, two[0])
    just_before_the_lock(lambda: making.member())
    deliver(run, two[1])
    assert sent() == [each.pk for each in two]
