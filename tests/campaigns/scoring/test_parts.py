"""What a value is made of: taking a driver away moves the value by the part that it was said to have."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import parts, uplift
from campaigns.scoring.affinity import AffinityScorer, KindEffect
from campaigns.scoring.scores import Scores
from offers.rules.terms import KINDS
from tests.offers.rules.tables import profiles, terms

CLOSE = 1e-6  # values are of a few units of money with 7 digits
SCORER = AffinityScorer({kind: KindEffect(0.8, 0.2, 0.1, 500) for kind in KINDS}, "", 500)


@pytest.fixture
def members():
    return profiles(3)


@pytest.fixture
def offers():
    return terms(2, reward_cost=[0.0, 2.5])


def made_of(members, offers, contact_cost):
    scores = SCORER.scores(members, offers, contact_cost=contact_cost)
    return scores, parts.taken_apart(scores, offers, contact_cost=contact_cost)


def test_parts_add_up_to_the_value(members, offers):
    scores, found = made_of(members, offers, 0.07)
    assert np.abs(found.value - scores.value).max() < CLOSE


def test_without_contact_cost_the_value_is_higher_by_the_contact(members, offers):
    with_cost, found = made_of(members, offers, 0.07)
    without, _ = made_of(members, offers, 0.0)
    assert np.abs(without.value - with_cost.value - found.contact).max() < CLOSE


def test_without_reward_cost_the_value_is_higher_by_the_reward(members, offers):
    with_cost, found = made_of(members, offers, 0.07)
    without, _ = made_of(members, replace(offers, reward_cost=np.zeros(2)), 0.07)
    assert found.reward[:, 1].min() > 0.1
    assert np.abs(without.value - with_cost.value - found.reward).max() < CLOSE


def test_margin_is_the_effect_that_the_scorer_knows(members, offers):
    _, found = made_of(members, offers, 0.07)
    assert np.abs(found.margin - 0.8).max() < CLOSE  # of average members


def test_caution_is_what_the_value_lies_below_what_is_expected(offers):
    expected = np.array([[1.0, 2.0]], dtype=np.float32)
    scores = Scores(value=expected - np.float32(0.25), expected=expected, redeem=np.zeros_like(expected))
    found = parts.taken_apart(scores, offers, contact_cost=0.0)
    assert found.caution.tolist() == [[0.25, 0.25]]
    assert np.abs(found.value - scores.value).max() < CLOSE


def test_error_of_the_fallback_is_that_of_the_kinds_effect(members, offers):
    _, found = made_of(members, offers, 0.07)
    assert parts.errors(SCORER, found, offers) == pytest.approx(np.full((3, 2), 0.2))


def test_error_of_a_cautious_scorer_is_told_by_its_caution(offers):
    expected = np.array([[1.0, 2.0]], dtype=np.float32)
    scores = Scores(
        value=expected - np.float32(uplift.CAUTION * 0.3), expected=expected, redeem=np.zeros_like(expected)
    )
    found = parts.taken_apart(scores, offers, contact_cost=0.0)
    assert parts.errors(object(), found, offers) == pytest.approx(np.full((1, 2), 0.3), abs=CLOSE)
