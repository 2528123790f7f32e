"""Every member who leaves the funnel leaves it for a reason, and each for one."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from campaigns import building, launching, planning
from campaigns.funnel import Counts, funnel
from offers.rules.eligibility import REASONS
from tests import making
from tests.campaigns.conftest import TODAY

COUNTS = Counts(decided=100, universal=5, held_out=15, assigned=50, unworthy=7, not_for_them=3)


def told(counts: Counts) -> dict[str, dict[str, int]]:
    found = funnel(everyone=150, audience=(140, 130, 120), kept_from_all=np.eye(len(REASONS))[1] * 20, counts=counts)
    return {stage.name: {reason: int(left) for reason, left in stage.reasons} for stage in found.stages}


def test_whoever_leaves_a_stage_has_a_reason():
    found = funnel(everyone=150, audience=(140, 130, 120), kept_from_all=np.eye(len(REASONS))[1] * 20, counts=COUNTS)
    left = [before.count - after.count for before, after in zip(found.stages, found.stages[1:], strict=False)]
    assert left == [sum(count for _, count in stage.reasons) for stage in found.stages[1:]]


def test_what_was_not_worth_it_is_told_from_what_the_limits_took():
    assert told(COUNTS)["assigned"] == {
        "no offer open to them was worth its cost": 7,
        "an offer was worth it, but the limits went to others": 20,
        "the one offer of the generic group was not for them": 3,
    }


def test_what_kept_nobody_is_not_told():
    assert told(replace(COUNTS, assigned=80, unworthy=0, not_for_them=0))["assigned"] == {}


def why_nothing(draft) -> dict[str, int]:
    draft.refresh_from_db()
    return dict(planning.plan(launching.inputs(draft, at=making.NOON, on=TODAY)).funnel.stages[-1].reasons)


@pytest.mark.django_db
def test_where_messages_cost_more_than_any_offer_brings_nothing_is_worth_it(draft):
    building.change(draft, contact_cost=Decimal(1000))
    assert set(why_nothing(draft)) == {"no offer open to them was worth its cost"}


@pytest.mark.django_db
def test_where_offers_pay_and_nobody_may_be_sent_more_it_is_the_limits(draft):
    building.change(draft, contact_limit=1)
    assert set(why_nothing(draft)) == {"an offer was worth it, but the limits went to others"}
