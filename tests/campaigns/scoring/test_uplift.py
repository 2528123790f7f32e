import json
from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import basis as bases
from campaigns.scoring import uplift
from campaigns.scoring.affinity import AffinityScorer, affinities, learn
from campaigns.scoring.draws import Draws
from campaigns.scoring.effects import PRIOR_EFFECT
from campaigns.scoring.history import History
from campaigns.scoring.opening import opened
from campaigns.scoring.uplift import UpliftScorer
from config.bench import planted, shoppers
from config.bench.planted import CONTACT_COST, World
from loyalty.profiling.table import Profiles
from tests.campaigns.scoring.worlds import nothing

OFFERS, DECISIONS = 4, 6_000


def _lived(world: World, decisions: int, seed: int) -> tuple[History, bases.Basis]:
    rng = np.random.default_rng(seed)
    members = shoppers.profiles(decisions, rng)
    basis = bases.fitted(members)
    return planted.history(world, members, basis, rng), basis


@pytest.fixture(scope="module")
def world() -> World:
    return planted.world(3, offers=OFFERS)


@pytest.fixture(scope="module")
def lived(world) -> tuple[History, bases.Basis]:
    return _lived(world, DECISIONS, 4)


@pytest.fixture(scope="module")
def scorer(lived) -> UpliftScorer:
    return uplift.learn(*lived)


@pytest.fixture(scope="module")
def later() -> Profiles:
    return shoppers.profiles(2_000, np.random.default_rng(5))


def test_scores_are_members_by_offers(scorer, later, world):
    scores = scorer.scores(later, world.terms, contact_cost=CONTACT_COST)
    for each in (scores.value, scores.expected, scores.redeem):
        assert each.shape == (len(later), OFFERS)
        assert each.dtype == np.float32
        assert each.flags.c_contiguous
        assert np.isfinite(each).all()


def test_ranking_never_counts_on_more_than_is_expected(scorer, later, world):
    scores = scorer.scores(later, world.terms, contact_cost=0.0)
    assert (scores.value <= scores.expected).all()
    assert (scores.value < scores.expected).any()


def test_what_a_message_costs_is_taken_off(scorer, later, world):
    free, costly = (scorer.scores(later, world.terms, contact_cost=cost).expected for cost in (0.0, 0.75))
    assert free - costly == pytest.approx(np.full((len(later), OFFERS), 0.75), abs=1e-5)


def test_a_reward_costs_as_often_as_it_is_redeemed(scorer, later):
    rows, day = scorer.members.rows(later), planted.DAY
    terms = planted.world(3, offers=OFFERS).terms
    found = scorer.scored(rows, terms, day=day, contact_cost=0.0)
    margin = replace(scorer, redemption=np.full_like(scorer.redemption, 0)).scored(
        rows, terms, day=day, contact_cost=0.0
    )
    cost = terms.reward_cost
    assert margin.redeem == pytest.approx(np.full_like(found.redeem, 0.5))
    assert margin.expected - found.expected == pytest.approx(cost * (found.redeem - 0.5), abs=1e-4)


def test_a_block_of_members_is_scored_as_among_all(scorer, later, world):
    whole = scorer.scores(later, world.terms, contact_cost=0.1)
    block = scorer.scores(later.take(np.arange(700, 900)), world.terms, contact_cost=0.1)
    assert block.value == pytest.approx(whole.value[700:900], abs=1e-5)


def test_the_probability_alone_is_that_of_the_scores(scorer, later, world):
    rows = scorer.members.rows(later)
    scores = scorer.scores(later, world.terms, contact_cost=0.1)
    assert np.array_equal(scorer.redeems(rows, world.terms, day=planted.DAY), scores.redeem)


def test_a_new_offer_has_scores_from_its_features_and_more_caution(scorer, later, world):
    new = replace(world.terms, offer_refs=[f"new {number}" for number in range(OFFERS)])
    known, fresh = (scorer.scores(later, terms, contact_cost=0.0) for terms in (world.terms, new))
    assert np.corrcoef(known.expected.ravel(), fresh.expected.ravel())[0, 1] > 0.5
    assert ((fresh.expected - fresh.value) >= (known.expected - known.value) - 1e-6).all()


def test_no_offers_have_no_scores(scorer, later, world):
    none = planted.world(3, offers=0).terms
    assert scorer.scores(later, none, contact_cost=0.0).value.shape == (len(later), 0)


def test_more_past_decisions_leave_less_caution(world, scorer, later):
    longer = uplift.learn(*_lived(world, 4 * DECISIONS, 6))
    found = [each.scores(later, world.terms, contact_cost=0.0) for each in (scorer, longer)]
    few, many = ((each.expected - each.value).mean() / each.expected.std() for each in found)
    assert many < few


def test_without_history_the_prior_decides_and_says_so(later, world, lived):
    blank = uplift.learn(nothing(), lived[1])
    fallback = learn(nothing())
    scores = blank.scores(later, world.terms, contact_cost=0.0)
    margin = scores.expected + world.terms.reward_cost * scores.redeem
    assert margin == pytest.approx(PRIOR_EFFECT * affinities(later, world.terms.departments), abs=1e-5)
    assert np.array_equal(scores.value, scores.expected)
    assert blank.basis.startswith("No past random decisions: a prior of 0.05 per offer")
    assert (blank.learned_from, fallback.learned_from) == (0, 0)


def test_the_sentence_counts_decisions_campaigns_and_offers(scorer):
    assert scorer.basis == (
        "Learned from 6,000 past random decisions in 2 campaigns, about 4 offers; a new offer counts as those of its "
        "kind, depth and department."
    )
    assert scorer.learned_from == 6_000


def test_decisions_with_rows_of_another_basis_are_refused(lived):
    history, basis = lived
    assert isinstance(history.draws, Draws)
    other = replace(basis, departments=())
    with pytest.raises(ValueError, match="rows of another basis"):
        uplift.learn(history, other)


def test_runs_in_which_everybody_earns_the_same_prove_nothing(lived, later, world):
    history, basis = lived
    flat = uplift.learn(replace(history, margin=np.full(len(history), 3.0)), basis)
    scores = flat.scores(later, world.terms, contact_cost=0.0)
    assert np.isfinite(scores.value).all()
    assert np.abs(scores.expected).max() < 1.5


def test_the_order_of_decisions_does_not_matter(lived, later, world, scorer):
    history, basis = lived
    shuffled = uplift.learn(history.take(np.random.default_rng(7).permutation(len(history))), basis)
    one, other = (each.scores(later, world.terms, contact_cost=0.0).expected for each in (scorer, shuffled))
    assert other == pytest.approx(one, abs=0.02)


def test_a_scorer_survives_being_stored(scorer, later, world):
    again = opened("uplift", json.loads(json.dumps(scorer.to_json())))
    one, other = (each.scores(later, world.terms, contact_cost=0.1) for each in (scorer, again))
    assert np.array_equal(one.value, other.value)
    assert again.basis == scorer.basis
    assert not isinstance(again, AffinityScorer)
