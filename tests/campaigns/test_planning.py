import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from campaigns import building, launching, planning
from loyalty import consent, profiles, segmentation, stated
from loyalty.models import Member, Snapshot
from loyalty.models.consent import Channel
from loyalty.profiling.stating import LIKED
from loyalty.stated import told
from offers import catalog
from offers.rules import eligibility
from tests import making
from tests.campaigns.conftest import MEMBERS, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def everyone(draft):
    return profiles.opened(Snapshot.objects.latest_ready(), on=TODAY)


@pytest.mark.parametrize("asked_each", [0, MEMBERS])
def test_who_may_be_contacted_is_the_same_however_many_are_asked_about(everyone, draft, monkeypatch, asked_each):
    monkeypatch.setattr(planning, "ASKED_EACH", asked_each)
    agreed = consent.contactable(Channel.EMAIL)
    expected = [member in agreed for member in everyone.member_ids.tolist()]
    assert planning._channels(everyone, draft)[:, 0].tolist() == expected
    assert 0 < sum(expected) < len(expected)


@pytest.mark.parametrize(("asked_each", "most"), [(1, 1), (0, MEMBERS)])
def test_of_one_member_no_other_is_read(everyone, draft, monkeypatch, asked_each, most):
    monkeypatch.setattr(planning, "ASKED_EACH", asked_each)
    read = []
    monkeypatch.setattr(consent, "contactable", _counting(consent.contactable, read))
    planning._channels(everyone.take(np.array([3])), draft)
    assert max(read) <= most
    assert (max(read) > 1) == (asked_each == 0)


def _counting(contactable, read):
    def counted(*args, **kwargs):
        found = contactable(*args, **kwargs)
        read.append(len(found))
        return found

    return counted


@pytest.mark.parametrize(("days", "audience"), [(0, MEMBERS), (30, 0)])
def test_a_plan_takes_for_unknown_what_is_stale_on_its_day(draft, mara, days, audience):
    rule = {"all": [{"feature": "recency_days", "is": "known"}]}
    segmentation.save(draft.segment, name="Shoppers", rule=rule, by=mara, at=making.NOON)
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    later = replace(inputs, on=TODAY + dt.timedelta(days=days))
    assert planning.plan(later).funnel.stages[1].count == audience


# -- what members told us ----------------------------------------------------------------------------------------------


@pytest.fixture
def sausages(draft, mara, abel):
    """The campaign's only offer, which contains pork, is worth giving to everybody who may have it."""
    terms = making.approved_terms(author=mara, approver=abel, name="Sausages", contains=["pork"])
    building.choose_offers(draft, [terms.offer])
    return draft


def _given(campaign, *, at=making.NOON):
    """Who is decided on, at a plan made now by profiles that were built before anybody told us anything."""
    return set(planning.plan(launching.inputs(campaign, at=at, on=TODAY)).plan.member_ids.tolist())


@pytest.mark.parametrize("asked_each", [0, 5_000])
def test_the_next_plan_keeps_an_offer_from_who_told_us_they_do_not_eat_it(sausages, monkeypatch, asked_each):
    monkeypatch.setattr(told, "ASKED_EACH", asked_each)
    before = _given(sausages)
    strict = Member.objects.get(pk=min(before))
    stated.tell(strict, "diet", ["meat"], source="test", at=making.NOON)
    assert _given(sausages) == before - {strict.pk}
    stated.tell(strict, "diet", [], source="test", at=making.NOON)
    assert _given(sausages) == before


def test_without_the_filter_the_offer_would_be_given(sausages, monkeypatch):
    """The negative control."""
    strict = Member.objects.get(pk=min(_given(sausages)))
    stated.tell(strict, "diet", ["meat"], source="test", at=making.NOON)
    monkeypatch.setattr(eligibility, "_keep_away", lambda *_: None)
    assert strict.pk in _given(sausages)


def test_a_plan_says_how_many_an_offer_was_kept_from(sausages):
    stated.tell(Member.objects.get(pk=min(_given(sausages))), "diet", ["pork"], source="test", at=making.NOON)
    stages = {
        stage.name: stage for stage in planning.plan(launching.inputs(sausages, at=making.NOON, on=TODAY)).funnel.stages
    }
    assert stages["eligible"].reasons == ((eligibility.REASONS[eligibility.AVOIDED], 1),)


def test_what_members_like_is_worth_more_to_them_in_the_next_plan(draft):
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    everyone = profiles.opened(inputs.snapshot, on=TODAY)
    fan = Member.objects.get(pk=everyone.member_ids[0])
    terms = catalog.terms_table(inputs.terms, everyone)
    stated.tell(fan, "interest", ["Coffee"], source="test", at=making.NOON)
    found = planning.worth(told.beside(everyone.take(np.array([0, 1]))), terms, inputs)
    assert (found.affinity[0] == LIKED).all()
    assert (found.value[0] > found.value[1]).all()
