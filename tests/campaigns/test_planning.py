import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from campaigns import building, launching, planning
from campaigns.planning import audience, crowd, kernels
from loyalty import consent, identity, profiles, segmentation
from loyalty.models import Snapshot
from loyalty.models.consent import Channel
from loyalty.refusal import Refused
from tests import making
from tests.campaigns.conftest import MEMBERS, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def everyone(draft):
    return profiles.opened(Snapshot.objects.latest_ready(), on=TODAY)


@pytest.mark.parametrize("asked_each", [0, MEMBERS])
def test_who_may_be_contacted_is_the_same_however_many_are_asked_about(everyone, monkeypatch, asked_each):
    monkeypatch.setattr(audience, "ASKED_EACH", asked_each)
    agreed = consent.contactable(Channel.EMAIL)
    expected = [member in agreed for member in everyone.member_ids.tolist()]
    assert audience.contactable(everyone, Channel.EMAIL).tolist() == expected
    assert 0 < sum(expected) < len(expected)


@pytest.mark.parametrize("asked_each", [0, MEMBERS])
def test_who_is_one_person_with_somebody_who_withdrew_is_not_contacted(everyone, shoppers, monkeypatch, asked_each):
    monkeypatch.setattr(audience, "ASKED_EACH", asked_each)
    kept, merged = shoppers[1], shoppers[2]
    withdrawn = {"purpose": "marketing", "channel": Channel.EMAIL, "granted": False, "source": "test"}
    identity.merge(kept, merged, by=None, at=making.NOON, why="test")
    assert audience.contactable(everyone, Channel.EMAIL)[everyone.position(kept.pk)]
    consent.record(merged, at=making.NOON, **withdrawn)
    assert not audience.contactable(everyone, Channel.EMAIL)[everyone.position(kept.pk)]


def test_of_one_member_no_other_is_read(everyone, monkeypatch):
    asked = []
    contactable = consent.contactable
    monkeypatch.setattr(
        consent, "contactable", lambda channel, members: asked.extend(members) or contactable(channel, members=members)
    )
    audience.contactable(everyone.take(np.array([3])), Channel.EMAIL)
    assert asked == [everyone.member_ids[3]]


@pytest.mark.parametrize(("days", "count"), [(0, MEMBERS), (30, 0)])
def test_a_plan_takes_for_unknown_what_is_stale_on_its_day(draft, mara, days, count):
    rule = {"all": [{"feature": "recency_days", "is": "known"}]}
    segmentation.save(draft.segment, name="Shoppers", rule=rule, by=mara, at=making.NOON)
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    later = replace(inputs, on=TODAY + dt.timedelta(days=days))
    assert planning.plan(later).funnel.stages[1].count == count


def columns(planned):
    plan = planned.plan
    return [column.tolist() for column in (plan.member_ids, plan.held_out, plan.explored, plan.offer, plan.probability)]


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_a_plan_is_the_same_however_its_members_are_cut_into_blocks(draft, monkeypatch, at_once):
    building.change(draft, share_explored=Decimal("0.3"))
    draft.refresh_from_db()
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    whole = columns(planning.plan(inputs))
    assert any(whole[2])
    monkeypatch.setattr(crowd, "AT_ONCE", at_once)
    assert columns(planning.plan(inputs)) == whole


@pytest.mark.parametrize("most", [0, 1000])
def test_a_plan_is_the_same_whether_rows_between_are_computed_or_not(draft, monkeypatch, most):
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    whole = columns(planning.plan(inputs))
    monkeypatch.setattr(crowd, "MOST_PER_MEMBER", most)
    assert columns(planning.plan(inputs)) == whole


def test_a_plan_is_the_same_whether_its_blocks_are_compiled_or_not(draft, monkeypatch):
    building.change(draft, share_explored=Decimal("0.3"))
    draft.refresh_from_db()
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    whole = columns(planning.plan(inputs))
    monkeypatch.setattr(kernels, "WORTH_PAIRS", 0)
    assert columns(planning.plan(inputs)) == whole


def test_a_limit_that_cannot_hold_is_refused_by_its_name(draft):
    building.change(draft, total_budget=Decimal(-1))
    draft.refresh_from_db()
    with pytest.raises(Refused, match="total budget"):
        planning.plan(launching.inputs(draft, at=making.NOON, on=TODAY))
