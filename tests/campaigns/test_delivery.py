import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from campaigns import delivery
from campaigns.models import Delivery
from loyalty import consent, identity, stated
from loyalty.models import Contact
from loyalty.models.consent import Purpose
from tests import making

pytestmark = pytest.mark.django_db

JUST_AFTER = making.NOON + making.DAY / 24


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel, channels=("email", "app"))


@pytest.fixture
def run(terms):
    return making.run(making.campaign(channels=["email", "app"]), terms)


@pytest.fixture
def member(run):
    member = making.member()
    making.grant(member, "email", "app")
    making.decision(run, member, offer=run.offers.get())
    return member


def deliver(run, member) -> None:
    delivery.deliver(run, first=member.pk, last=member.pk, at=making.NOON)


def withdraw(member, *, purpose=Purpose.MARKETING, channel="email") -> None:
    consent.record(member, purpose=purpose, channel=channel, granted=False, at=JUST_AFTER, source="test")


def states(run) -> dict[str, str]:
    return dict(run.deliveries.values_list("channel", "state"))


def test_each_channel_carries_one_message(run, member, mailoutbox):
    deliver(run, member)
    assert states(run) == {"email": "sent", "app": "sent"}
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([member.contact.email], "Hello Iris")]


def test_a_channel_that_a_member_never_agreed_to_is_not_tried(run, mailoutbox):
    member = making.member()
    making.grant(member, "app")
    making.decision(run, member, offer=run.offers.get())
    deliver(run, member)
    assert states(run) == {"app": "sent"}
    assert mailoutbox == []


def test_delivering_again_changes_nothing(run, member, mailoutbox):
    deliver(run, member)
    deliver(run, member)
    assert run.deliveries.count() == 2
    assert len(mailoutbox) == 1


def test_the_database_refuses_a_second_message_by_the_same_channel(run, member):
    deliver(run, member)
    sent = run.deliveries.get(channel="email")
    sent.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.save(force_insert=True)


def test_consent_withdrawn_after_the_decision_is_refused_with_its_reason(run, member, mailoutbox):
    withdraw(member)
    deliver(run, member)
    assert states(run) == {"email": "refused", "app": "sent"}
    assert run.deliveries.get(channel="email").reason == delivery.NO_CONSENT
    assert mailoutbox == []


def test_without_the_second_question_the_withdrawn_member_would_be_sent_to(run, member, mailoutbox, monkeypatch):
    """The negative control of the test above: it is the asking at the moment of sending that refuses."""
    withdraw(member)
    monkeypatch.setattr(consent, "held_for_sending", lambda _, members: set(members))
    deliver(run, member)
    assert len(mailoutbox) == 1


def test_whoever_turned_personal_offers_off_gets_none(run, member, mailoutbox):
    withdraw(member, purpose=Purpose.PERSONALISATION, channel="")
    deliver(run, member)
    assert set(states(run).values()) == {"refused"}
    assert mailoutbox == []


def test_a_member_without_an_address_is_refused_with_a_reason(run, mailoutbox):
    member = making.member(email=None)
    making.grant(member, "email")
    making.decision(run, member, offer=run.offers.get())
    deliver(run, member)
    assert Delivery.objects.get(member=member, channel="email").reason == "no e-mail address is known"
    assert mailoutbox == []


def test_two_members_with_one_offer_are_each_called_by_their_name(run, member, mailoutbox):
    other = making.member()
    Contact.objects.filter(member=other).update(first_name="Ada")
    making.grant(other, "email")
    making.decision(run, other, offer=run.offers.get())
    delivery.deliver(run, first=member.pk, last=other.pk, at=making.NOON)
    assert [mail.subject for mail in mailoutbox] == ["Hello Iris", "Hello Ada"]


def test_an_email_can_be_stopped_from_the_mail_program(run, member, mailoutbox, client):
    deliver(run, member)
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = headers["List-Unsubscribe"].strip("<>").partition("/preferences/")[2]
    client.get(f"/preferences/{page}")
    assert consent.contactable("email") == {member.pk}
    client.post(f"/preferences/{page}")
    assert consent.contactable("email") == set()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_waits_until_a_sending_that_began_has_ended(run, member):
    """Sender and member hold one lock: after `record` returns, no message that it forbids can still begin."""
    with transaction.atomic():
        consent.held_for_sending("email", [member.pk])
        other = connections["default"].copy()
        try:
            with other.cursor() as cursor, pytest.raises(DatabaseError, match="lock"):
                cursor.execute("SELECT 1 FROM loyalty_member WHERE id = %s FOR NO KEY UPDATE NOWAIT", [member.pk])
        finally:
            other.close()


# -- what members told us ----------------------------------------------------------------------------------------------


@pytest.fixture
def sausages(mara, abel, member):
    """A run that decided to give the member something with pork in it."""
    terms = making.approved_terms(author=mara, approver=abel, channels=("email", "app"), contains=["pork"])
    made = making.run(making.campaign(channels=["email", "app"]), terms)
    making.decision(made, member, offer=made.offers.get())
    return made


def test_what_they_told_us_since_it_was_decided_keeps_the_offer_from_them(sausages, member, mailoutbox):
    stated.tell(member, "diet", ["meat"], source="test", at=JUST_AFTER)
    deliver(sausages, member)
    assert states(sausages) == {"email": "refused", "app": "refused"}
    assert sausages.deliveries.get(channel="app").reason == delivery.AVOIDED
    assert mailoutbox == []


@pytest.mark.parametrize("diet", [[], ["nuts"]])
def test_who_eats_what_it_contains_gets_it(sausages, member, mailoutbox, diet):
    """The control: what stops the offer above is what it contains."""
    stated.tell(member, "diet", diet, source="test", at=JUST_AFTER)
    deliver(sausages, member)
    assert len(mailoutbox) == 1


def test_of_a_person_with_two_references_what_either_told_us_counts(sausages, member, mailoutbox):
    other = making.member()
    stated.tell(other, "diet", ["pork"], source="test", at=making.NOON)
    identity.merge(member, other, by=None, at=JUST_AFTER, why="test")
    deliver(sausages, member)
    assert mailoutbox == []


@pytest.mark.parametrize("topic", ["interest", ""])
def test_the_message_says_what_they_told_us_they_like(run, member, mailoutbox, topic):
    making.product()
    if topic:
        stated.tell(member, topic, ["Coffee"], source="test", at=making.NOON)
    deliver(run, member)
    (mail,) = mailoutbox
    for text in (mail.body, mail.alternatives[0].content):
        assert ("You told us you like Coffee." in text) is bool(topic)
