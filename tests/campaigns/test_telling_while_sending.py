"""What a member tells us while a run is delivered is known before their message starts, or waits until it has."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from django.db import connection, transaction

from campaigns import delivery
from campaigns.models import Delivery
from loyalty import aliases, consent, stated
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db(transaction=True)

A_MOMENT, LONG_ENOUGH = 0.3, 20


@pytest.fixture
def member():
    member = making.member()
    making.grant(member, "email")
    return member


@pytest.fixture
def run(member, mara, abel):
    terms = making.approved_terms(author=mara, approver=abel, contains=["pork"])
    run = making.run(making.campaign(), terms)
    making.decision(run, member, offer=run.offers.get())
    return run


def deliver(run, member) -> None:
    with transaction.atomic():
        delivery.deliver(run, first=member.pk, last=member.pk, at=NOON)


def tell(member) -> None:
    stated.tell(member, "diet", ["pork"], source="test", at=NOON)


def in_another_session(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


@pytest.fixture
def told_just_before_the_lock(member, monkeypatch):
    """The member tells us once the sender is about to hold them, in a session of its own and to its end."""
    hold, waiting = aliases.hold, [lambda: tell(member)]

    def late(ids, *, lock):
        if waiting and lock == "SHARE":
            with ThreadPoolExecutor(1) as thread:
                thread.submit(in_another_session, waiting.pop()).result()
        return hold(ids, lock=lock)

    monkeypatch.setattr(aliases, "hold", late)


def test_who_told_us_just_before_the_lock_gets_no_message(run, member, told_just_before_the_lock, mailoutbox):
    deliver(run, member)
    assert Delivery.objects.get().reason == delivery.AVOIDED
    assert mailoutbox == []


def test_what_was_read_before_the_lock_would_let_it_through(
    run, member, told_just_before_the_lock, mailoutbox, monkeypatch
):
    """The negative control: asked before the lock and not after it, nothing is known of it."""
    before = delivery.told.of(np.array([member.pk]))
    monkeypatch.setattr(delivery.told, "of", lambda _: before)
    deliver(run, member)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("held", [True, False])
def test_telling_us_waits_for_a_message_that_has_begun(member, held):
    """With its control: nobody waits for a sender who holds nothing."""
    done = Event()

    def telling() -> None:
        tell(member)
        done.set()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            (consent.held_for_sending if held else consent.contactable)("email", members=[member.pk])
            waiting = thread.submit(in_another_session, telling)
            assert done.wait(A_MOMENT if held else LONG_ENOUGH) is not held
        waiting.result(LONG_ENOUGH)
    assert done.is_set()
