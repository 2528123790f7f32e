"""A question that cannot be answered is answered with no: nothing is sent while a guard is broken."""

from typing import NoReturn

import pytest

from campaigns import launching, run
from campaigns.models import Decision, Delivery, Run
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db

BEFORE_DECIDING = [
    "loyalty.consent.contactable",
    "campaigns.assignment.holdout.arms",
    "offers.rules.eligibility.obstacles",
    "loyalty.stated.told.of",
    "offers.rules.costs.redemption_costs",
    "campaigns.assignment.solver.assign",
]
BEFORE_SENDING = ["loyalty.consent.held_for_sending", "campaigns.channels.email.lacks", "offers.message.address"]


class OutOfOrderError(Exception):
    pass


@pytest.fixture
def launched(draft, mara, monkeypatch) -> Run:
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    return launching.launch(draft, by=mara, at=making.NOON, on=TODAY)


def work(launched: Run) -> None:
    run.work(launched.pk, now=lambda: making.NOON)


def broken(*_: object, **__: object) -> NoReturn:
    raise OutOfOrderError


@pytest.mark.parametrize("guard", BEFORE_DECIDING)
def test_nobody_is_decided_on_while_a_guard_is_broken(launched, mailoutbox, monkeypatch, guard):
    monkeypatch.setattr(guard, broken)
    with pytest.raises(OutOfOrderError):
        work(launched)
    assert not Decision.objects.exists()
    assert mailoutbox == []


@pytest.mark.parametrize("guard", BEFORE_SENDING)
def test_nobody_is_sent_anything_while_a_guard_is_broken(launched, mailoutbox, monkeypatch, guard):
    monkeypatch.setattr(guard, broken)
    with pytest.raises(OutOfOrderError):
        work(launched)
    assert not Delivery.objects.exists()
    assert mailoutbox == []


def test_with_every_guard_in_order_messages_go_out(launched, mailoutbox):
    """The control: what stops the runs above is the guard."""
    work(launched)
    assert len(mailoutbox) == Delivery.objects.filter(state="sent").count() > 0


def test_mail_server_that_does_not_answer_leaves_no_message_marked_as_sent(launched, monkeypatch):
    monkeypatch.setattr("campaigns.channels.email.send", broken)
    with pytest.raises(OutOfOrderError):
        work(launched)
    assert not Delivery.objects.exists()
