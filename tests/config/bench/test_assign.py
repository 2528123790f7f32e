from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

from campaigns.assignment.solver import assign
from config.bench import assign as job
from config.bench import linear
from config.bench.frame import Size
from config.bench.many_pairs import ManyPairs, all_kinds, counts


def test_ours_comes_near_the_linear_optimum_and_exceeds_nothing():
    outcome = job.run(Size(members=2_000, offers=6, repetitions=1), lambda _: None)
    assert outcome.agrees
    assert (outcome.figures["violations"], outcome.figures["linear_programme_solved"]) == (0, 1)
    assert 0.99 < outcome.figures["share_of_optimum"] <= 1 + job.TOLERANCE
    assert outcome.figures["greedy_share_of_optimum"] <= 1 + job.TOLERANCE


def test_a_linear_programme_that_was_stopped_is_said_to_be(monkeypatch):
    monkeypatch.setattr(linear, "linprog", lambda *_, **__: OptimizeResult(status=1, fun=None))  # as at its time limit
    outcome = job.run(Size(members=1_000, offers=5, repetitions=1), lambda _: None)
    assert outcome.figures["linear_programme_solved"] == 0
    assert outcome.figures["bound_over_optimum"] is None
    assert 0.99 < outcome.figures["share_of_optimum"] <= 1


def test_an_optimum_beyond_our_bound_or_below_our_value_is_no_agreement():
    pairs = ManyPairs(1_000, 5)
    found = assign(pairs, counts(pairs, each=1))
    agreed = [job._agree(found, linear.Linear(found.value * share, 1.0)) for share in (0.99, 1.0, 1.02)]
    assert agreed == [False, True, False]


def test_pairs_are_the_same_whatever_is_asked_for_at_once():
    pairs = ManyPairs(1_000, 5)
    whole, part = pairs.block(slice(0, 1_000)), pairs.block(slice(300, 310))
    for name in ("value", "use", "tie", "channel"):
        assert np.array_equal(getattr(whole, name)[300:310], getattr(part, name))
    assert abs(np.isfinite(whole.value).mean() - 0.6) < 0.02


@pytest.mark.parametrize("each", [1, 3])
def test_counts_bind(each):
    pairs = ManyPairs(3_000, 8)
    found = assign(pairs, counts(pairs, each))
    assert sum(use.price > 0 for use in found.offers) >= 6


def test_limits_of_all_kinds_bind():
    pairs = ManyPairs(4_000, 50)
    found = assign(pairs, all_kinds(pairs))
    assert found.total.price > 0 or found.total.budget_price > 0
    assert any(use.price > 0 for use in found.offers)
    assert any(use.budget_price > 0 for use in found.offers)
    assert any(use.price > 0 for use in found.channels)


def test_an_assignment_that_ignores_limits_is_seen_to_exceed_them():
    pairs = ManyPairs(3_000, 8)
    free = counts(pairs, each=1)
    found = assign(pairs, replace(free, count_limit=np.full(8, -1)))
    assert job.exceeded(pairs, free, found) > 0
    assert job.exceeded(pairs, all_kinds(pairs), found) > 0


def test_an_offer_that_is_given_twice_or_may_not_be_given_is_seen():
    pairs = ManyPairs(3_000, 8)
    limits = replace(counts(pairs, each=2), count_limit=np.full(8, -1))
    found = assign(pairs, limits)
    assert job.exceeded(pairs, limits, found) == 0
    twice = found.offer.copy()
    twice[twice[:, 0] >= 0, 1] = twice[twice[:, 0] >= 0, 0]
    assert job.exceeded(pairs, limits, replace(found, offer=twice)) > 0
    assert job.exceeded(pairs, limits, replace(found, offer=np.zeros_like(found.offer))) > 0
