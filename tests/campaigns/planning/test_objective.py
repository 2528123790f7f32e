"""By margin all count alike; by retention, whoever may stay away counts more, and money stays money."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from campaigns import building, explaining, launching, planning
from campaigns import run as run_workers
from campaigns.member_features import CHURN_CHANCE
from campaigns.models import Campaign
from campaigns.planning import objective
from loyalty import profiles
from loyalty.models import Snapshot
from loyalty.refusal import Refused
from tests import making
from tests.campaigns.conftest import TODAY
from tests.offers.rules import tables

RETENTION = Campaign.Objective.RETENTION


def plan_for(**facts) -> Campaign:
    return Campaign(**facts)


def test_by_margin_nobody_is_weighed():
    members = tables.profiles(3)
    assert objective.weights(members, plan_for(), rows=np.arange(3, dtype=np.int32)) is None


def test_whoever_may_stay_away_counts_up_to_one_and_the_weight():
    members = tables.profiles(4, **{CHURN_CHANCE: np.array([0.0, 0.5, 1.0, np.nan], dtype=np.float32)})
    campaign = plan_for(objective=RETENTION, retention_weight=Decimal(2))
    found = objective.weights(members, campaign, rows=np.array([0, 1, 2, 3], dtype=np.int32))
    assert found.tolist() == [1, 2, 3, 1]


def test_a_chance_that_no_profile_has_is_refused_with_what_to_do():
    with pytest.raises(Refused, match="train the scorers"):
        objective.weights(tables.profiles(2), plan_for(objective=RETENTION), rows=np.arange(2, dtype=np.int32))


@pytest.mark.django_db
def test_the_builder_says_so_before_the_launch(draft):
    assert not launching.blockers(draft, on=TODAY)
    changed = building.change(draft, objective=RETENTION)
    assert [each.step for each in launching.blockers(changed, on=TODAY)] == ["brief"]


@pytest.fixture
def at_risk(scorers_of_members, draft):
    """A draft that is after who may stay away, above all else, with profiles that say who that is."""
    profiles.build(TODAY + dt.timedelta(days=1), at=making.NOON)
    building.choose_offers(draft, [draft.offers.get(limit=5).offer])
    return building.change(draft, objective=RETENTION, retention_weight=Decimal(50))


def planned(campaign: Campaign):
    return planning.plan(launching.inputs(campaign, at=making.NOON, on=TODAY + dt.timedelta(days=1)))


def mean_chance(campaign: Campaign) -> float:
    """Of those who are given the offer, how likely they are to stay away."""
    plan = planned(campaign).plan
    everyone = profiles.opened(Snapshot.objects.latest_ready(), on=TODAY + dt.timedelta(days=1))
    given = plan.member_ids[plan.offer[:, 0] >= 0]
    return float(everyone.column(CHURN_CHANCE)[np.isin(everyone.member_ids, given)].mean())


@pytest.mark.django_db
def test_scarce_offers_go_to_those_who_may_stay_away(at_risk):
    after = mean_chance(at_risk)
    before = mean_chance(building.change(at_risk, objective=Campaign.Objective.MARGIN))
    assert after > before


@pytest.mark.django_db
def test_what_an_offer_is_expected_to_bring_stays_money(at_risk):
    """Of those who get the offer either way it is expected to bring the same."""
    weighed = planned(at_risk).plan
    plain = planned(building.change(at_risk, retention_weight=Decimal(0))).plan
    assert plain.member_ids.tolist() == weighed.member_ids.tolist()
    both = (plain.offer[:, 0] >= 0) & (weighed.offer[:, 0] >= 0)
    assert plain.score[both] == pytest.approx(weighed.score[both], rel=1e-5)
    held_out = plain.arm == weighed.arm
    assert held_out.all()


@pytest.mark.django_db
def test_no_weight_is_margin(at_risk):
    none = planned(building.change(at_risk, retention_weight=Decimal(0)))
    margin = planned(building.change(at_risk, objective=Campaign.Objective.MARGIN))
    assert none.plan.offer.tolist() == margin.plan.offer.tolist()
    assert none.assignment.value == pytest.approx(margin.assignment.value, rel=1e-6)


@pytest.mark.django_db
def test_whoever_is_given_less_than_others_were_worth_is_told_of_the_price_they_paid(at_risk):
    """A member's own price is smaller, the more they count: nobody is given what their page calls priced out."""
    run = launching.launch(at_risk, by=None, at=making.NOON, on=TODAY + dt.timedelta(days=1))
    run_workers.work(run.pk, now=lambda: making.NOON)
    run.refresh_from_db()
    for decision in run.decisions.exclude(run_offer=None):
        (given,) = explaining.why(decision).given
        assert given.net >= -1e-4
