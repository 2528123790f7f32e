import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from campaigns import launching, planning
from loyalty import consent, profiles, segmentation
from loyalty.models import Snapshot
from loyalty.models.consent import Channel
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
