import math
from dataclasses import replace

import numpy as np
import pytest

from campaigns import building, launching, planning, scorers
from campaigns import expectation as expecting
from campaigns.expectation import UNSURE, expectation
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(draft):
    inputs = launching.inputs(draft, at=making.NOON, on=TODAY)
    return inputs, planning.plan(inputs)


@pytest.fixture
def several(draft, mara, abel):
    """A plan that gives members up to two offers, of different departments."""
    tea = making.approved_terms(author=mara, approver=abel, name="Tea", category="Tea").offer
    building.choose_offers(draft, [*(each.offer for each in draft.offers.all()), tea])
    inputs = launching.inputs(building.change(draft, offers_each=2), at=making.NOON, on=TODAY)
    return inputs, planning.plan(inputs)


def told(planned, **changes):
    inputs, found = planned
    facts = {"member_ids": found.plan.member_ids, "offer": found.plan.offer, "spend": found.assignment.total.spend}
    return expectation(inputs, **(facts | changes))


def test_the_expected_margin_is_what_the_scorer_expects_of_all_that_is_given(planned):
    assert told(planned).margin.value == pytest.approx(planned[1].assignment.value, rel=1e-6)


def test_several_offers_of_one_member_all_count(several):
    offer = several[1].plan.offer
    assert (offer >= 0).all(axis=1).any()
    assert told(several).margin.value == pytest.approx(several[1].assignment.value, rel=1e-6)


def test_the_interval_holds_the_expectation_and_is_as_wide_as_the_scorers_errors(planned):
    """One kind of offer: its effect's relative error is that of the whole, since all of it may be wrong one way."""
    margin = told(planned).margin
    kind = scorers.opened(planned[0].scorer).kinds["amount"]
    assert margin.high - margin.value == pytest.approx(1.96 * margin.value * kind.error / kind.effect, rel=1e-5)
    assert margin.value - margin.low == pytest.approx(margin.high - margin.value)
    assert margin.basis


def test_the_cost_is_that_which_budgets_count_with_what_chance_does_to_it(planned):
    cost = told(planned).cost
    given = int((planned[1].plan.offer >= 0).sum())
    assert cost.value == planned[1].assignment.total.spend
    chance = cost.value / given / 2  # two currency units a redemption
    assert cost.high - cost.value == pytest.approx(1.96 * 2 * math.sqrt(given * chance * (1 - chance)), rel=1e-4)


def test_costs_are_never_expected_below_nothing(planned):
    assert told(planned).cost.low >= 0


def test_of_many_a_sample_is_looked_at_which_widens_the_interval(planned, monkeypatch):
    everyone = told(planned).margin
    monkeypatch.setattr(expecting, "SAMPLE", 10)
    some = told(planned).margin
    assert some.value == pytest.approx(everyone.value, rel=0.1)
    assert some.high - some.value >= (everyone.high - everyone.value) * 0.9


def test_where_nobody_is_given_anything_nothing_is_expected(planned):
    nothing = told(planned, offer=np.full_like(planned[1].plan.offer, -1), spend=0.0)
    assert (nothing.margin.value, nothing.margin.low, nothing.margin.high, nothing.cost.high) == (0, 0, 0, 0)


def test_a_scorer_that_does_not_know_its_error_is_told_to(planned, monkeypatch):
    opened = scorers.opened(planned[0].scorer)
    blank = replace(opened, kinds={name: replace(kind, error=math.nan) for name, kind in opened.kinds.items()})
    monkeypatch.setattr(scorers, "opened", lambda scorer: blank)
    margin = told(planned).margin
    assert (margin.low, margin.high, margin.reason) == (None, None, UNSURE)
