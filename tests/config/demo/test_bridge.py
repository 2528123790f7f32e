import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from campaigns.models import Delivery, RunOffer
from config.demo import bridge
from config.demo.bridge import Message
from config.demo.retailer import planted
from config.demo.retailer.world import APP, EMAIL, day_number
from config.demo.state import State
from tests import making

pytestmark = pytest.mark.django_db


def message(member_ref: str, **facts: object) -> Message:
    known = {"offer_ref": "OFFER-03", "offer_id": 900, "at": making.NOON, "channel": "email"}
    return Message(**{"member_ref": member_ref, **known, **facts})


def test_messages_become_contacts_of_the_worlds_members(known: State, settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    sent = bridge.contacts(bridge.world(known), [message("M000001"), message("M000400", channel="app")])
    assert sent.member.tolist() == [0, 399]
    assert sent.offer.tolist() == [2, 2]
    assert sent.channel.tolist() == [EMAIL, APP]
    assert sent.day.tolist() == [day_number(dt.date(2026, 3, 2))] * 2
    assert sent.minute.tolist() == [13 * 60] * 2  # 12:00 UTC in winter


@pytest.mark.parametrize("stranger", ["M000000", "M000401", "M1", "17", "somebody"])
def test_message_to_somebody_of_another_world_is_left_out(known: State, stranger: str) -> None:
    assert len(bridge.contacts(bridge.world(known), [message(stranger)])) == 0


def test_refused_deliveries_are_no_messages(mara, abel) -> None:
    run = making.run(making.campaign(), making.approved_terms(author=mara, approver=abel))
    for state in Delivery.State.values:
        member = making.member()
        making.decision(run, member, offer=run.offers.get())
        Delivery.objects.create(
            run=run, member=member, run_offer=run.offers.get(), channel="email", state=state, at=making.NOON
        )
    assert len(bridge.messages_since(making.NOON)) == len(bridge.messages_of(run)) == 1


@pytest.fixture
def made_here(mara, abel) -> RunOffer:
    """An offer that the simulated retailer's book does not list."""
    terms = making.approved_terms(
        author=mara, approver=abel, kind="amount", value=Decimal("2.50"), minimum_spend=Decimal(12), category="Frozen"
    )
    return making.run(making.campaign(), terms).offers.get()


def test_offer_made_in_the_product_is_in_the_book_as_it_was_made(known: State, made_here: RunOffer) -> None:
    world = bridge.world(known, [made_here])
    place = bridge.place(made_here.offer.ref, made_here.offer_id)
    book = world.offers
    assert (book.refs[place], book.kinds[place]) == (made_here.offer.ref, "amount")
    assert (book.amount[place], book.percent[place], book.minimum_spend[place]) == (250, 0, 1200)
    assert world.catalogue.departments[book.department[place]] == "Frozen"


def test_offers_of_the_book_stay_as_they_are_beside_it(known: State, made_here: RunOffer) -> None:
    before, after = bridge.world(known).offers, bridge.world(known, [made_here]).offers
    for column in ("department", "percent", "amount", "minimum_spend", "redeemable", "pull"):
        assert np.array_equal(getattr(after, column)[: len(before)], getattr(before, column)), column


def test_every_member_has_a_planted_response_to_it(known: State, made_here: RunOffer) -> None:
    world = bridge.world(known, [made_here])
    everybody = np.arange(len(world))
    place = np.full(len(world), bridge.place(made_here.offer.ref, made_here.offer_id))
    assert set(planted.kinds(world, everybody, place)) == {0, 1, 2, 3}


def test_new_terms_of_a_listed_offer_count_as_they_were_sent(known: State, mara, abel) -> None:
    terms = making.approved_terms(author=mara, approver=abel, kind="percent", value=Decimal(55), category="Bakery")
    terms.offer.ref = "OFFER-03"
    terms.offer.save()
    run_offer = making.run(making.campaign(), terms).offers.select_related("approval__terms__offer").get()
    assert bridge.world(known).offers.percent[2] == 20
    assert bridge.world(known, [run_offer]).offers.percent[2] == 55
