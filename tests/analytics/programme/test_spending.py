from decimal import Decimal

import pytest

from analytics.programme import spending
from campaigns.models import Delivery
from loyalty import identity
from tests import making

pytestmark = pytest.mark.django_db

WINDOW = (making.NOON, making.NOON + 14 * making.DAY)


@pytest.fixture
def run(mara, abel):
    terms = making.approved_terms(author=mara, approver=abel, reward_cost=Decimal("0.50"))
    return making.run(making.campaign(contact_cost=Decimal("0.10")), terms, state="finished")


def given(run):
    member = making.member()
    making.decision(run, member, offer=run.offers.get())
    return member


def costs():
    return {each.label: each.amount for each in spending.of_campaigns(*WINDOW)}


def test_nothing_costs_nothing(run):
    assert costs() == {"Messages": 0, "Rewards redeemed": 0}


def test_every_message_sent_is_charged(run):
    for state in ("sent", "sent", "refused"):
        member = given(run)
        Delivery.objects.create(
            run=run, member=member, run_offer=run.offers.get(), channel="email", state=state, at=making.NOON
        )
    assert costs()["Messages"] == pytest.approx(0.2)


def test_every_basket_with_a_redemption_is_charged(run):
    member, ref = given(run), run.offers.get().offer.ref
    for day in (1, 2):
        making.purchase(member, at=making.NOON + day * making.DAY, offer_ref=ref)
    assert costs()["Rewards redeemed"] == pytest.approx(1.0)


def test_what_was_not_given_by_a_run_is_not_charged(run):
    making.purchase(making.member(), at=making.NOON + making.DAY, offer_ref=run.offers.get().offer.ref)
    assert costs()["Rewards redeemed"] == 0


def test_a_redemption_by_a_merged_member_is_charged(run, otto):
    member, other = given(run), making.member()
    identity.merge(member, other, by=otto, at=making.NOON, why="same card")
    making.purchase(other, at=making.NOON + making.DAY, offer_ref=run.offers.get().offer.ref)
    assert costs()["Rewards redeemed"] == pytest.approx(0.5)
