import pytest

from analytics import freezing
from campaigns.models import Delivery
from tests import making
from tests.analytics.conftest import AFTER

pytestmark = pytest.mark.django_db

COFFEE, TEA, BREAD = "Coffee > Beans", "Coffee > Filters", "Bread"


@pytest.fixture
def terms(mara, abel):
    """Two off beans; every redemption costs points worth 0.50."""
    return making.approved_terms(author=mara, approver=abel, category=COFFEE, reward_cost="0.50")


@pytest.fixture
def body(run):
    """The treated buy more beans, fewer filters and more bread, each got a message, and half redeemed the offer."""
    offer = run.offers.get()
    products = {name: making.product(category=name) for name in (COFFEE, TEA, BREAD)}
    for number in range(40):
        member, treated = making.member(), number % 2 == 0
        given = {"offer": offer} if treated else {"held_out": True, "withheld": offer}
        making.decision(run, member, **given)
        margins = (
            {COFFEE: 3 + number % 3, TEA: 1, BREAD: 2.5} if treated else {COFFEE: 1, TEA: 2 + number % 3, BREAD: 2}
        )
        for name, margin in margins.items():
            redeemed = offer.offer.ref if treated and name == COFFEE and number % 4 == 0 else ""
            making.purchase(
                member,
                at=making.NOON + making.DAY,
                product=products[name],
                margin=str(margin),
                offer_ref=redeemed,
                discount_amount="2" if redeemed else None,
            )
        if treated:
            Delivery.objects.create(
                run=run, member=member, run_offer=offer, channel="email", state="sent", at=making.NOON
            )
    return freezing.freeze(run, as_of=AFTER).told


def each(body) -> dict[str, float]:
    return {part.name: part.each.value for part in body.parts}


def test_the_parts_are_those_of_the_basket_and_what_it_cost(body):
    assert each(body) == pytest.approx(
        {"target": 3.95, "discounts": -1, "cannibalised": -1.95, "halo": 0.5, "rewards": -0.25, "contacts": -0.1},
        abs=0.051,
    )


def test_they_add_up_to_the_whole_effect(body):
    assert sum(each(body).values()) == pytest.approx(body.of("margin").plain.each.value, abs=1e-12)


def test_costs_are_those_of_the_campaign(body):
    assert {cost.label: cost.amount for cost in body.costs} == pytest.approx(
        {"Discounts at the till": 20.0, "Rewards": 5.0, "Messages": 2.0}
    )


def test_what_went_to_purchases_that_would_have_been_made_anyway_is_said(body):
    """All held-out members bought beans too, so all of it was given away."""
    assert (body.given.amount, body.given.anyway.value, body.given.extra) == (25, 25, 0)


def test_what_was_given_is_what_the_till_and_the_rewards_cost(body):
    given = [cost.amount for cost in body.costs if cost.label != "Messages"]
    assert body.given.amount == sum(given)


def test_redemptions_are_counted_as_engagement(body):
    (redeemed,) = [counted for counted in body.engagement if counted.label == "Redeemed the offer"]
    assert (redeemed.members, redeemed.of) == (10, 20)
