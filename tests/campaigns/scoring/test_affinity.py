import json
from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import responding
from campaigns.scoring.affinity import (
    MOST_CERTAIN,
    PRIOR_EFFECT,
    AffinityScorer,
    ByArrays,
    ByLoops,
    KindEffect,
    affinities,
    learn,
    values,
)
from campaigns.scoring.history import HELD_OUT, History
from campaigns.scoring.response import PROPORTIONAL, Response
from offers.rules.terms import KINDS
from tests.campaigns.scoring.worlds import DEPARTMENTS, history, members, nothing
from tests.offers.rules.tables import profiles, terms

TRUTH = {"percent": 0.8, "amount": 0.4, "points": 0.0, "service": -0.6}


def _scorer(effect: float = 1.0, redemption: float = 0.2) -> AffinityScorer:
    return AffinityScorer({kind: KindEffect(effect, 0.1, redemption, 0) for kind in KINDS}, "Made up.", 0)


def test_a_value_is_effect_times_affinity_less_reward_and_contact():
    offer = terms(1, departments=["Drinks"], reward_cost=[0.5])
    scores = values(_scorer(), profiles(2, **{"affinity:Drinks": [1.0, 2.0]}), offer, contact_cost=0.01)
    assert scores.value[:, 0] == pytest.approx([1.0 - 0.1 - 0.01, 2.0 - 0.2 - 0.01])
    assert scores.redeem[:, 0] == pytest.approx([0.2, 0.4])
    assert scores.base.tolist() == [1.0]


def test_the_parts_give_back_the_value():
    offer = terms(3, departments=list(DEPARTMENTS), reward_cost=[0.0, 0.5, 2.0])
    scores = values(_scorer(), members(100, seed=0), offer, contact_cost=0.02)
    assert scores.value == pytest.approx(
        scores.base * scores.affinity - scores.redeem * offer.reward_cost - 0.02, abs=1e-5
    )


@pytest.mark.parametrize("department", ["Drinks", "Nowhere", None])
def test_an_unknown_affinity_counts_as_average(department):
    scores = values(
        _scorer(), profiles(1, **{"affinity:Drinks": [np.nan]}), terms(1, departments=[department]), contact_cost=0
    )
    assert scores.value.tolist() == [[1.0]]


def test_no_score_is_ever_unknown():
    scores = values(learn(nothing()), members(500, seed=1), terms(3, departments=list(DEPARTMENTS)), contact_cost=0.01)
    assert np.isfinite(scores.value).all()
    assert np.isfinite(scores.redeem).all()


def test_nobody_is_certain_to_redeem():
    found = values(
        _scorer(redemption=0.6),
        profiles(1, **{"affinity:Drinks": [4.0]}),
        terms(1, departments=["Drinks"]),
        contact_cost=0,
    )
    assert found.redeem[0, 0] == pytest.approx(MOST_CERTAIN)


def test_affinities_are_members_by_offers():
    known = profiles(2, **{"affinity:Drinks": [0.5, 9.0]})
    assert affinities(known, ["Drinks", None]).tolist() == [[0.5, 1.0], [4.0, 1.0]]


def test_no_offers_have_no_scores():
    assert values(_scorer(), members(3, seed=2), terms(0), contact_cost=0).value.shape == (3, 0)


def test_without_history_the_prior_decides_and_says_so():
    scorer = learn(nothing())
    assert [kind.effect for kind in scorer.kinds.values()] == pytest.approx([PRIOR_EFFECT] * len(KINDS))
    assert scorer.basis.startswith("No past random decisions: a prior of 0.05 per offer")
    assert scorer.learned_from == 0


def test_the_ranking_of_planted_kinds_is_recovered():
    scorer = learn(history(TRUTH, seed=3, per_cell=20_000, runs=2))
    assert sorted(TRUTH, key=lambda kind: -scorer.kinds[kind].effect) == list(TRUTH)


def test_planted_effects_are_recovered_within_their_errors():
    scorer = learn(history(TRUTH, seed=4, per_cell=50_000))
    missed = [abs(scorer.kinds[kind].effect - effect) / scorer.kinds[kind].error for kind, effect in TRUTH.items()]
    assert max(missed) < 4


def test_a_planted_redemption_rate_is_recovered_where_affinities_are_not_average():
    known = history({"points": 0.5}, seed=5, per_cell=50_000, redemption=0.2)
    loyal = known.affinity > 0.8
    chosen = History(
        *(column[loyal] for column in (known.run, known.kind, known.affinity, known.redeemed, known.margin))
    )
    scorer = learn(chosen)
    found = values(
        scorer,
        profiles(1, **{"affinity:Drinks": [1.5]}),
        terms(1, kinds=["points"], departments=["Drinks"]),
        contact_cost=0,
    )
    assert found.redeem[0, 0] == pytest.approx(0.2 * 1.5, rel=0.05)


def test_the_basis_counts_decisions_campaigns_and_kinds():
    scorer = learn(history(TRUTH, seed=6, per_cell=2_000, runs=2))
    assert scorer.basis == (
        "Learned from 20,000 past random decisions in 2 campaigns, about 4 kinds of offer; other kinds count as what "
        "those have in common."
    )
    assert scorer.learned_from == 20_000


def test_a_campaign_without_held_out_members_teaches_no_effect():
    known = history(TRUTH, seed=7, per_cell=2_000)
    offered = known.kind != HELD_OUT
    scorer = learn(
        History(*(column[offered] for column in (known.run, known.kind, known.affinity, known.redeemed, known.margin)))
    )
    assert scorer.learned_from == 0
    assert scorer.basis.startswith("No past random decisions")


def test_where_nothing_works_hardly_anything_is_promised():
    # The prior is 0.05 and the standard error of a difference 5 × √(2 / 5,000) = 0.1.
    effects = [
        learn(history(dict.fromkeys(TRUTH, 0.0), seed=seed, per_cell=5_000)).kinds["points"].effect
        for seed in range(40)
    ]
    assert np.abs(effects).mean() < 0.1
    assert abs(np.mean(effects)) < 0.06


def test_the_scorer_beats_chance_in_planted_worlds():
    gains = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        truth = dict(zip(KINDS, rng.normal(0.2, 0.4, len(KINDS)), strict=True))
        offers = terms(6, kinds=list(KINDS[:6]), departments=[*DEPARTMENTS, *DEPARTMENTS])
        audience = members(5_000, seed=seed)
        scorer = learn(history(truth, seed=seed, per_cell=5_000))
        earned = affinities(audience, offers.departments) * np.array([truth[kind] for kind in offers.kinds])
        scores = values(scorer, audience, offers, contact_cost=0.0).value
        best = np.where(scores.max(axis=1) > 0, earned[np.arange(5_000), scores.argmax(axis=1)], 0.0)
        gains.append(best.mean() - earned[np.arange(5_000), rng.integers(0, 6, 5_000)].mean())
    assert min(gains) > 0.1


def test_a_scorer_survives_being_stored():
    scorer = learn(history(TRUTH, seed=8, per_cell=2_000))
    again = AffinityScorer.from_json(json.loads(json.dumps(scorer.to_json())))
    arguments = members(200, seed=9), terms(3, departments=list(DEPARTMENTS), reward_cost=[0.1, 0.2, 0.3])
    assert np.array_equal(
        values(again, *arguments, contact_cost=0.01).value, values(scorer, *arguments, contact_cost=0.01).value
    )
    assert again.basis == scorer.basis


CURVES = [PROPORTIONAL, Response((0.1, 0.5, 1.0, 2.0), (2.0, 0.7, 1.0, 1.3))]


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_compiled_loops_come_to_the_same_scores(curve, dtype):
    scorer = replace(learn(history(TRUTH, seed=8, per_cell=2_000)), response=curve)
    drawn = np.random.default_rng(0).gamma(1.0, 1.5, (2, 500)).astype(dtype)
    drawn[:, ::9] = np.nan
    known = profiles(500, **{"affinity:Drinks": drawn[0], "affinity:Pets": drawn[1]})
    offers = terms(
        5, kinds=list(KINDS[:5]), departments=["Pets", "Drinks", None, "Pets", "Nowhere"], reward_cost=range(5)
    )
    expected, found = (
        ByArrays(scorer, offers, 0.02).scores(known),
        ByLoops(scorer, offers, 0.02, responding).scores(known),
    )
    assert np.abs(expected.redeem - found.redeem).max() < 1e-7
    # Money up to 10, which single precision tells to 5e-7.
    assert np.abs(expected.value - found.value).max() < 1e-6


def test_a_member_scores_alike_in_any_company():
    offers, known = terms(3, departments=list(DEPARTMENTS), reward_cost=[0.1, 0.2, 0.3]), members(200, seed=9)
    asked = ByLoops(learn(nothing()), offers, 0.01, responding)
    some = known.take(np.arange(50, 57))
    assert np.array_equal(asked.scores(some).value, asked.scores(known).value[50:57])


def test_the_way_depends_on_how_many_there_are_in_all():
    offers, scorer = terms(4), learn(nothing())
    few, many = (scorer.asked(offers, day=0, contact_cost=0.0, members=each) for each in (2**18 - 1, 2**18))
    assert isinstance(few, ByArrays)
    assert isinstance(many, ByLoops)
