from decimal import Decimal

import pytest

from campaigns import building, wording
from campaigns.building import OfferLimit
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(draft):
    def say(**facts):
        return dict(wording.facts(building.change(draft, **facts)))

    return say


@pytest.mark.parametrize(
    ("facts", "label", "said"),
    [
        ({}, "Segment", "Everybody"),
        ({}, "Channels", "E-mail"),
        ({}, "Held out", "20 % of the eligible members"),
        ({}, "Drawn at random", "nobody's offer"),
        ({"share_explored": Decimal("0.05")}, "Drawn at random", "5 % of the others"),
        ({}, "Total budget", "no limit"),
        ({"total_budget": Decimal(1500)}, "Total budget", "€1,500"),
        ({"contact_limit": 4000}, "Offers in all", "at most 4,000"),
        ({"offers_each": 3}, "Offers for one member", "at most 3, of different departments"),
        ({"contacts_per_member": 2}, "Offers from all campaigns", "at most 2 in 7 days"),
        ({"capacities": {"email": 9000}}, "E-mail can carry", "9,000 messages"),
    ],
)
def test_a_fact_of_the_plan_is_told_in_words(told, facts, label, said):
    assert told(**facts)[label].replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_channel_without_a_capacity_is_not_told_of(told):
    assert "E-mail can carry" not in told()


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (OfferLimit(None, None), ""),
        (OfferLimit(1, None), "at most 1 member"),
        (OfferLimit(400, Decimal(200), least=50), "at least 50 and at most 400 members, budget €200"),
        (OfferLimit(None, None, least=1), "at least 1 member"),
    ],
)
def test_an_offers_own_limits_are_told_in_words(mara, abel, limit, said):
    terms = making.approved_terms(author=mara, approver=abel, name="Beans")
    campaign = making.campaign()
    building.choose_offers(campaign, [terms.offer])
    building.limit_offers(campaign, {terms.offer_id: limit})
    assert wording.offers(campaign) == [("Beans", terms.offer.ref, said)]


DRY = {"given": 1_800, "eligible": 2_000, "arms": {"treated": 1_600, "generic": 200, "held_out": 150, "universal": 50}}


@pytest.mark.parametrize(
    ("most", "took"),
    [({}, ""), ({"app": 1}, ""), ({"email": 600}, "about 4 minutes."), ({"email": 10}, "about 3 hours.")],
)
def test_the_time_is_told_that_messages_take_with_those_that_are_withheld(db, settings, most, took):
    settings.MOST_A_MINUTE = most
    told = wording.time_for(making.campaign(), DRY)
    assert bool(told) == bool(took)
    assert told.endswith(took)
    assert not took or told.startswith("2,000 messages")


def test_the_plan_tells_of_quiet_hours_and_of_the_pace(db, settings):
    settings.QUIET_HOURS, settings.MOST_A_MINUTE = {"email": ["21:00", "08:00"]}, {"email": 600}
    facts = dict(wording.facts(making.campaign()))
    assert facts["Quiet hours"] == "E-mail 21:00 to 08:00 (UTC)"
    assert facts["Messages a minute"] == "at most E-mail 600"
