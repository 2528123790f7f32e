import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from analytics import powering
from analytics.measurement.lift import NotMeasured
from analytics.powering import Plan
from campaigns import holdouts
from loyalty.models import Purchase
from tests import making

pytestmark = pytest.mark.django_db

PLAN = Plan("spend", 0.2, 14)


@pytest.fixture
def spread(draft):
    """Every third shopper spent three times as much."""
    for number, line in enumerate(Purchase.objects.order_by("pk")):
        Purchase.objects.filter(pk=line.pk).update(net_amount=30 if number % 3 else 10)
    return draft


def found(campaign, plan=PLAN):
    return powering.powering(campaign, plan, at=making.NOON)


def test_only_members_who_may_be_contacted_are_compared(spread):
    assert (found(spread).members, found(spread).looked_at) == (54, 54)


def test_the_programmes_own_holdouts_are_in_neither_arm(spread):
    holdouts.draw(
        begins=making.NOON.date(),
        universal_share=Decimal("0.1"),
        generic_share=Decimal("0.1"),
        by=None,
        at=making.NOON,
    )
    assert found(spread).members == round(54 * 0.9 * 0.9)


def test_what_is_planned_is_the_campaigns_own(draft):
    assert powering.planned(draft) == Plan("margin", 0.2, 14)


def test_what_is_entered_takes_the_place_of_what_is_planned():
    assert powering.as_entered(PLAN, per_cent=5, days=None) == Plan("spend", 0.05, 14)


def test_half_held_out_shows_the_smallest_lift(spread):
    lifts = {point.share: point.detectable.absolute for point in found(spread).curve if point.share >= 0.1}
    assert min(lifts, key=lifts.get) == 0.5


def test_an_arm_of_one_member_shows_nothing(spread):
    assert isinstance(found(spread).curve[0].detectable, NotMeasured)


def test_the_share_planned_is_on_the_curve(spread):
    assert 0.33 in {point.share for point in found(spread, Plan("spend", 0.33, 14)).curve}


def test_time_before_that_foretells_shows_smaller_lifts(spread):
    """Everyone repeats in the weeks before what they do lately, so that all but a hundredth is foretold."""
    for line in Purchase.objects.filter(purchased_at__gte=making.NOON - 14 * making.DAY):
        making.purchase(line.member, at=line.purchased_at - 14 * making.DAY, net=str(line.net_amount))
    Purchase.objects.filter(purchased_at__lt=making.NOON - 28 * making.DAY).delete()
    (point,) = [each for each in found(spread).curve if each.share == 0.2]
    assert point.detectable.absolute < point.plain.absolute


def test_a_wanted_lift_takes_a_share_that_shows_just_that(spread):
    power = found(spread)
    needed = powering.needed(power, power.detectable.relative)
    assert needed.share == pytest.approx(0.2)


def test_a_lift_that_no_share_shows_takes_members(spread):
    power = found(spread)
    needed = powering.needed(power, power.detectable.relative / 10)
    assert (needed.share, needed.members) == (None, pytest.approx(54 * 100 * 0.16 / 0.25, rel=0.01))


def test_a_few_dozen_members_see_only_large_lifts(spread):
    assert not found(spread).is_small


@pytest.mark.parametrize("lacking", [{"segment": None}, {"channels": []}])
def test_a_draft_without_an_audience_says_what_to_choose(spread, lacking):
    for name, value in lacking.items():
        setattr(spread, name, value)
    assert found(spread) in (NotMeasured(powering.NO_AUDIENCE), NotMeasured(powering.NOBODY))


def test_days_that_nobody_bought_on_say_so(spread):
    Purchase.objects.update(purchased_at=making.NOON - dt.timedelta(days=400))
    assert "bought anything lately" in found(spread).reason


def test_margin_that_is_not_known_is_said(spread):
    Purchase.objects.update(margin_amount=None)
    assert "have no margin" in found(spread, Plan("margin", 0.2, 14)).reason


def test_one_giant_basket_among_many_buyers_hardly_moves_what_can_be_detected():
    rng = np.random.default_rng(3)
    values = rng.gamma(2, 5, 5_000)
    spoilt = values.copy()
    spoilt[0] = 1e6
    assert powering._held(spoilt).std() == pytest.approx(values.std(), rel=0.02)


def test_of_few_buyers_every_basket_counts_as_it_is():
    values = np.array([*np.zeros(5_000), 10, 10_000])
    assert powering._held(values).max() == 10_000
