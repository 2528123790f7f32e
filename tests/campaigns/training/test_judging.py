"""Scorers judged by decisions of which it is known what they changed."""

import numpy as np
import pytest

from campaigns.scoring.scores import Scores
from campaigns.training.judging import IN_USE, THIS, judged
from campaigns.training.rule import InUse, ruled
from campaigns.training.ways import WAYS
from tests.campaigns.training.worlds import HELD_OUT, newcomers_only, nothing, past

WORLDS = 100
AFFINITY = InUse("scorer 1 (affinity)", "affinity", knows=True)


class ByAffinity:
    """Values each offer at so much plus so much per affinity."""

    def __init__(self, level: float, slope: float) -> None:
        self.level, self.slope = level, slope

    def scores(self, profiles, terms, *, contact_cost):
        value = self.level + self.slope * np.asarray(profiles.column("affinity:Coffee"))[:, None]
        value = np.repeat(value, len(terms), axis=1).astype(np.float32)
        return Scores(value, value, np.full(value.shape, 0.2, dtype=np.float32))


TRUTH, OPPOSITE = ByAffinity(2.0, -2.0), ByAffinity(0.0, 1.0)


def found(challenger, champion=None, *, effect=newcomers_only, seed=1, members=1_500):
    earlier, later = [past(0, effect, seed=seed, members=members)], [past(1, effect, seed=seed, members=members)]
    return judged(challenger, champion, earlier=earlier, later=later, rng=np.random.default_rng(0))


def figures(judged, name):
    (measure,) = (each for each in judged.quality.measures if each.name == name)
    return {figure.of: figure.found for figure in measure.figures}


def test_the_truth_has_a_qini_above_0_and_its_opposite_one_below():
    told = figures(found(TRUTH, OPPOSITE), "Qini")
    assert told[THIS].low > 0 > told[IN_USE].high


def test_following_the_truth_brings_what_was_planted():
    """Whoever has an affinity below 1 gains 2 less twice it: 0.92 on average over gamma(2, 1/2), by quadrature."""
    affinity = np.linspace(0, 1, 10_001)
    density = 4 * affinity * np.exp(-2 * affinity)
    planted = np.trapezoid((2 - 2 * affinity) * density, affinity)
    told = figures(found(TRUTH, members=20_000), "Gain by following it")[THIS]
    assert told.low < planted < told.high
    assert told.high - told.low < 0.3


def test_a_simple_way_that_ranks_nobody_above_others_gains_nothing():
    assert figures(found(TRUTH), "Qini")["Base rate"].value == pytest.approx(0, abs=1e-9)


def test_every_decile_shows_what_the_offer_changed_beside_what_was_predicted():
    bins = found(TRUTH, members=20_000).quality.uplift
    inside = [each.observed.low <= each.predicted <= each.observed.high for each in bins]
    assert sum(inside) >= 8  # of 10 intervals of 95 %, fewer once in a hundred samples


def test_few_comparisons_chosen_at_random_say_the_same_as_all(monkeypatch):
    every = figures(found(TRUTH, members=6_000), "Qini")[THIS]
    monkeypatch.setattr("campaigns.training.pairs.MOST_ROWS", 2_000)
    some = figures(found(TRUTH, members=6_000), "Qini")[THIS]
    assert some.low < every.value < some.high
    assert some != every


def test_runs_that_held_nobody_out_have_no_qini_and_say_why():
    later = past(1, newcomers_only).take(slice(None))
    later = later.take(later.offer >= 0)
    told = judged(TRUTH, OPPOSITE, earlier=[past(0, newcomers_only)], later=[later], rng=np.random.default_rng(0))
    assert told.standing.own is None
    assert told.standing.unknown


def ships(effect, seed) -> bool:
    earlier, later = [past(number, effect, seed=seed) for number in (0, 1)], [past(2, effect, seed=seed)]
    challenger, champion = (WAYS[kind](earlier) for kind in ("uplift", "affinity"))
    told = judged(challenger, champion, earlier=earlier, later=later, rng=np.random.default_rng(0))
    return ruled(told.standing, kind="uplift", in_use=AFFINITY).comes


def test_without_an_effect_a_scorer_of_uplift_hardly_ever_comes_into_use():
    """In 5 of 100 worlds at the most, small ones: by the interval alone it may in 1 of 40."""
    assert sum(ships(nothing, seed) for seed in range(WORLDS)) <= 5


def test_with_an_effect_that_affinity_has_the_wrong_way_round_it_does():
    """The negative control of the test above, in 3 worlds."""
    assert all(ships(newcomers_only, seed) for seed in range(3))


def test_held_out_share_of_the_worlds_is_what_the_chances_say():
    assert np.mean(past(0, nothing, members=20_000).offer < 0) == pytest.approx(HELD_OUT, abs=0.015)
