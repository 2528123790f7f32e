"""The card of the scorer of offers that a coffee chain's waves 0 to 3 teach, judged on waves 4 and 5.

The figures are whatever they are, and are printed (`pytest -rP`). What is asserted is what must hold of any. The source
tells no margin: what was spent until the next wave stands for it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from campaigns.scoring import affinity, basis, uplift
from campaigns.scoring.draws import observed_chances
from campaigns.scoring.quality import Estimate
from campaigns.scoring.scores import Scores
from campaigns.training import judging
from campaigns.training.card import Quality
from campaigns.training.past import Past, joined
from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable
from tests.real_data import waves
from tests.real_data.showing import show
from tests.real_data.waves import Wave

pytestmark = pytest.mark.data

FIRST_LATER = 4
SCORER, FALLBACK = judging.THIS, judging.IN_USE


@dataclass(frozen=True)
class Anything:
    """A scorer that says anything: scores drawn at random."""

    rng: np.random.Generator

    def scores(self, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores:
        drawn = self.rng.random((len(profiles), len(terms)), dtype=np.float32)
        return Scores(value=drawn, expected=drawn, redeem=drawn)


@pytest.fixture(scope="module")
def earlier_and_later(shared_data) -> tuple[list[Past], list[Past]]:
    found, terms = waves.waves(shared_data)
    runs = [past(number, wave, terms) for number, wave in enumerate(found)]
    return runs[:FIRST_LATER], runs[FIRST_LATER:]


def past(run: int, wave: Wave, terms: TermsTable) -> Past:
    offer = wave.offer.astype(np.int32)
    return Past(
        run=run,
        day=wave.profiles.as_of,
        until=dt.datetime.combine(wave.profiles.as_of, dt.time(), dt.UTC),
        offer=offer,
        design=np.zeros(len(offer), dtype=np.int32),
        chances=observed_chances(offer, len(terms)),
        redeemed=wave.redeemed,
        margin=wave.spend,
        everyone=wave.profiles,
        rows=np.arange(len(offer)),
        terms=terms,
    )


@pytest.fixture(scope="module")
def learned(earlier_and_later) -> tuple[uplift.UpliftScorer, affinity.AffinityScorer]:
    """What is taken into use where it proves itself, and what decides otherwise."""
    earlier, _ = earlier_and_later
    known = basis.fitted(earlier[-1].profiles)
    with threadpool_limits(1, user_api="blas"):  # many small products, which several threads only hold up
        return uplift.learn(joined(earlier, known), known), affinity.learn(joined(earlier))


def card(earlier_and_later, challenger, champion) -> Quality:
    earlier, later = earlier_and_later
    rng = np.random.default_rng(1)
    return judging.judged(challenger, champion, earlier=earlier, later=later, rng=rng).quality


def figures(found: Quality, measure: str) -> Mapping[str, Estimate]:
    """Of everybody who has a figure."""
    (asked,) = (each for each in found.measures if each.name == measure)
    return {each.of: each.found for each in asked.figures if each.found is not None}


def test_the_card_has_every_figure_with_its_interval_beside_those_of_simpler_ways(earlier_and_later, learned):
    found = card(earlier_and_later, *learned)
    for measure in found.measures:
        show(f"{measure.name}, {measure.better} is better", figures(found, measure.name))
    show("uplift by decile", {}, found.uplift)
    show("calibration of redeeming", {}, found.calibration)
    simpler = {"Base rate", "Last category", "Popularity"}
    assert all({SCORER, FALLBACK, *simpler} == {each.of for each in measure.figures} for measure in found.measures)
    assert sum(each.rows for each in found.calibration) == 12_704 + 12_765
    # Ten comparisons with everybody who got nothing, and all who got something.
    assert sum(each.rows for each in found.uplift) == 10 * (4_296 + 4_235) + 12_704 + 12_765


def test_uplift_is_proven_on_later_waves_and_more_than_that_of_any_simpler_way(earlier_and_later, learned):
    qini = figures(card(earlier_and_later, *learned), judging.QINI)
    own = qini.pop(SCORER)
    assert own.low > max(0.0, *(each.high for each in qini.values()))


def test_scores_drawn_at_random_prove_nothing(earlier_and_later):
    """The negative control."""
    found = figures(card(earlier_and_later, Anything(np.random.default_rng(2)), None), judging.QINI)[SCORER]
    show("Qini of scores drawn at random", {"Qini": found})
    assert found.low < 0 < found.high
