"""The next plan honours what members told us, by profiles that were built before anybody told us anything."""

from decimal import Decimal

import numpy as np
import pytest

from campaigns import building, launching, planning
from campaigns.planning import crowd
from loyalty import profiles, segmentation, stated
from loyalty.models import Member
from loyalty.profiling.stating import LIKED
from loyalty.stated import told
from offers import catalog
from offers.rules import eligibility
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db


def tell(member, topic, *values, at=making.NOON):
    stated.tell(member, topic, values, source="test", at=at)


def planned(campaign):
    campaign.refresh_from_db()
    return planning.plan(launching.inputs(campaign, at=making.NOON, on=TODAY))


def decided_on(campaign) -> set[int]:
    return set(planned(campaign).plan.member_ids.tolist())


@pytest.fixture
def sausages(draft, mara, abel):
    """The campaign's only offer contains pork, and is worth giving to everybody who may have it."""
    terms = making.approved_terms(author=mara, approver=abel, name="Sausages", contains=["pork"])
    building.choose_offers(draft, [terms.offer])
    return draft


@pytest.fixture
def strict(sausages):
    return Member.objects.get(pk=min(decided_on(sausages)))


@pytest.mark.parametrize("asked_each", [0, 5_000])
@pytest.mark.parametrize("at_once", [7, 2**16])
def test_the_next_plan_keeps_an_offer_from_who_told_us_they_do_not_eat_it(
    sausages, strict, monkeypatch, asked_each, at_once
):
    monkeypatch.setattr(told, "ASKED_EACH", asked_each)
    monkeypatch.setattr(crowd, "AT_ONCE", at_once)
    before = decided_on(sausages)
    tell(strict, "diet", "meat")
    assert decided_on(sausages) == before - {strict.pk}
    tell(strict, "diet")
    assert decided_on(sausages) == before


def test_without_the_filter_the_offer_would_be_given(sausages, strict, monkeypatch):
    """The negative control."""
    tell(strict, "diet", "meat")
    monkeypatch.setattr(eligibility, "_avoided", lambda *_: [])
    assert strict.pk in decided_on(sausages)


def test_chance_draws_no_offer_that_a_member_does_not_eat(draft, sausages, shoppers, mara, abel):
    tea = making.approved_terms(author=mara, approver=abel, name="Tea")
    building.choose_offers(sausages, [*(each.offer for each in sausages.offers.all()), tea.offer])
    building.change(sausages, share_explored=Decimal("0.9"))
    for each in shoppers[::2]:
        tell(each, "diet", "pork")
    plan, avoiding = planned(sausages).plan, [each.pk for each in shoppers[::2]]
    (position,) = (place for place, each in enumerate(launching.usable_terms(sausages, on=TODAY)) if each.contains)
    has_sausages = (plan.offer == position).any(axis=1)
    assert has_sausages.any()
    assert not has_sausages[np.isin(plan.member_ids, avoiding)].any()


def test_a_plan_says_how_many_an_offer_was_kept_from(sausages, strict):
    tell(strict, "diet", "pork")
    stages = {stage.name: stage for stage in planned(sausages).funnel.stages}
    assert stages["eligible"].reasons == ((eligibility.REASONS[eligibility.AVOIDED], 1),)


def test_what_members_like_is_worth_more_to_them_in_the_next_plan(draft):
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    everyone = profiles.opened(inputs.snapshot, on=TODAY)
    tell(Member.objects.get(pk=everyone.member_ids[0]), "interest", "Coffee")
    terms = catalog.terms_table(inputs.terms, everyone)
    found = planning.worth(told.beside(everyone.take(np.array([0, 1]))), terms, inputs)
    assert (found.affinity[0] == LIKED).all()
    assert (found.value[0] > found.value[1]).all()


def test_an_offers_own_rule_asks_for_what_members_tell_us_now(draft, shoppers, mara, abel):
    """With the snapshot of before: who told us since is given it, and who took it back is not."""
    was, now = [each for number, each in enumerate(shoppers) if number % 10][:2]
    tell(was, "sustainable", "first", at=making.NOON - making.DAY)
    profiles.build(TODAY, at=making.NOON)
    rule = {"feature": "sustainable_first", "is": "equals", "value": True}
    terms = making.approved_terms(author=mara, approver=abel, name="Refill", eligibility=rule)
    building.choose_offers(draft, [terms.offer])
    assert decided_on(draft) == {was.pk}
    tell(was, "sustainable")
    tell(now, "sustainable", "first")
    assert decided_on(draft) == {now.pk}


def test_a_campaigns_segment_of_those_who_like_something_is_as_of_the_snapshot(draft, shoppers, mara):
    fan = next(each for number, each in enumerate(shoppers) if number % 10)
    tell(fan, "interest", "Coffee", at=making.NOON - making.DAY)
    profiles.build(TODAY, at=making.NOON)
    rule = {"feature": "interest:Coffee", "is": "equals", "value": True}
    segmentation.save(draft.segment, name="Fans", rule=rule, by=mara, at=making.NOON)
    assert decided_on(draft) == {fan.pk}
