from decimal import Decimal

import pytest

from campaigns import building
from campaigns.models import Campaign
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(mara):
    return building.create("Spring", by=mara, at=making.NOON)


@pytest.fixture
def offers(mara, abel):
    return [making.approved_terms(author=mara, approver=abel).offer for _ in range(2)]


def launched(campaign):
    Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.RUNNING)
    return campaign


@pytest.mark.parametrize(
    ("name", "ref"), [("Win back, März", "win-back-marz"), ("春", "campaign"), ("Spring", "spring-2")]
)
def test_a_reference_is_made_from_the_name_and_is_free(spring, mara, name, ref):
    assert building.create(name, by=mara, at=making.NOON).ref == ref


def test_a_reference_that_is_taken_is_refused(spring, mara):
    with pytest.raises(Refused, match="a campaign spring already: choose another reference"):
        building.create("Other", by=mara, at=making.NOON, ref="spring")


def test_two_campaigns_of_one_name_hold_different_members_out(spring, mara):
    assert building.create("Spring", by=mara, at=making.NOON).salt != spring.salt


def test_a_change_leaves_alone_what_it_does_not_name(spring):
    building.change(spring, hypothesis="They come back.")
    stale = spring
    building.change(stale, outcome_days=7)
    spring.refresh_from_db()
    assert (spring.hypothesis, spring.outcome_days) == ("They come back.", 7)


def test_an_offer_that_stays_keeps_its_limit(spring, offers):
    kept, _ = offers
    building.choose_offers(spring, offers)
    building.limit_offers(spring, {kept.pk: building.OfferLimit(5, Decimal(10))})
    building.choose_offers(spring, [kept])
    assert list(spring.offers.values_list("offer", "limit", "budget")) == [(kept.pk, 5, 10)]


def test_a_minimum_is_kept_with_the_limit(spring, offers):
    building.choose_offers(spring, offers[:1])
    building.limit_offers(spring, {offers[0].pk: building.OfferLimit(5, None, least=3)})
    assert list(spring.offers.values_list("least", "limit")) == [(3, 5)]


@pytest.mark.parametrize(("facts", "share"), [({}, "0.05"), ({"share_explored": Decimal(0)}, "0")])
def test_a_draft_draws_for_a_share_of_the_members_unless_it_is_told_not_to(mara, facts, share):
    assert building.create("Spring", by=mara, at=making.NOON, **facts).share_explored == Decimal(share)


def test_a_limit_of_an_offer_that_was_not_chosen_is_not_kept(spring, offers):
    building.choose_offers(spring, offers[:1])
    building.limit_offers(spring, {offers[1].pk: building.OfferLimit(5, None)})
    assert list(spring.offers.values_list("offer", "limit")) == [(offers[0].pk, None)]


@pytest.mark.parametrize(
    "change",
    [
        lambda campaign: building.change(campaign, name="Summer"),
        lambda campaign: building.choose_offers(campaign, []),
        lambda campaign: building.limit_offers(campaign, {}),
        building.discard,
    ],
    ids=["change", "choose offers", "limit offers", "discard"],
)
def test_a_launched_campaign_is_fixed(spring, change):
    with pytest.raises(Refused, match="Spring is running: its plan was fixed at launch"):
        change(launched(spring))
    assert Campaign.objects.get().name == "Spring"


def test_a_draft_is_thrown_away_with_its_offers(spring, offers):
    building.choose_offers(spring, offers)
    building.discard(spring)
    assert not Campaign.objects.exists()
