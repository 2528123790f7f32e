"""Intervals mean what they say: in simulated worlds whose effect is planted, 95 of 100 hold it."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pytest

from analytics.measurement import lift, margin, moments
from analytics.measurement.lift import Lift
from analytics.measurement.moments import Moments
from campaigns.assignment import holdout
from config.demo.retailer import responses, till
from config.demo.retailer.responses import Contacts, Shopping
from config.demo.retailer.truth import truth
from config.demo.retailer.world import EMAIL, World, create

# The simulations are made once, so their tests stay together on one core.
pytestmark = pytest.mark.xdist_group("coverage")

WORLDS = 200
MEMBERS = 3000
SHARE_HELD_OUT = 0.3
OUTCOME_DAYS = 14
CONTACT_COST = 0.02
FIRST_DAY = dt.date(2024, 11, 1)


@dataclass(frozen=True)
class Experiment:
    """What was planted per member of one world's campaign, and the moments of what was seen."""

    planted: float
    treated: Moments
    held_out: Moments

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        found = lift.welch(self.treated, self.held_out, level=level)
        assert isinstance(found, Lift)
        return found.low, found.high

    def covers(self, value: float, level: float = 0.95) -> bool:
        low, high = self.interval(level)
        return low <= value <= high


def _run(seed: int) -> dict[str, Experiment]:
    """Everybody is meant to get an offer by lot; a hash holds some out, and the rest live two weeks with theirs."""
    world = create(seed, MEMBERS, FIRST_DAY)
    member = np.arange(MEMBERS)
    offer = np.random.default_rng(seed).integers(len(world.offers), size=MEMBERS)
    sent_on = world.end - OUTCOME_DAYS
    held_out = holdout.arms([str(one) for one in member], salt=f"coverage {seed}", share_held_out=SHARE_HELD_OUT)
    meant = Contacts.at_once(member, offer, day=sent_on, channel=EMAIL)
    told = responses.shopping(world, meant.take(~held_out), since=sent_on, until=world.end)
    expected = truth(world, member, offer, sent=sent_on, days=OUTCOME_DAYS)
    rewards = _reward_costs(world)[offer]
    planted = {
        "spend": expected.spend.mean(),
        "margin": (expected.margin - expected.redemptions * rewards).mean() - CONTACT_COST,
    }
    seen = _outcomes(world, told, messages=~held_out)
    return {
        name: Experiment(planted[name], moments.of(seen[name][~held_out]), moments.of(seen[name][held_out]))
        for name in planted
    }


def _outcomes(world: World, told: Shopping, *, messages: np.ndarray) -> dict[str, np.ndarray]:
    member = told.baskets.member[told.lines.basket]
    redeemed = till.redeemed(told.lines)
    rewards = np.bincount(
        told.baskets.member[redeemed], _reward_costs(world)[told.baskets.offer[redeemed]], minlength=len(world)
    )
    gross = margin.member_totals(member, told.lines.margin * 100, len(world))
    return {
        "spend": margin.member_totals(member, told.lines.net * 100, len(world)),
        "margin": margin.net_margin(
            gross, rewards=rewards, messages=messages.astype(np.int64), contact_cost=CONTACT_COST
        ),
    }


def _reward_costs(world: World) -> np.ndarray:
    return np.array([offer.get("cost", 0.0) for offer in world.offers.listing])


@pytest.fixture(scope="module")
def experiments() -> list[dict[str, Experiment]]:
    return [_run(seed) for seed in range(WORLDS)]


@pytest.mark.parametrize("metric", ["spend", "margin"])
def test_interval_covers_the_planted_effect_as_often_as_it_promises(
    experiments: list[dict[str, Experiment]], metric: str
) -> None:
    covered = np.mean([one[metric].covers(one[metric].planted) for one in experiments])
    assert 0.92 <= covered <= 0.98


@pytest.mark.parametrize("metric", ["spend", "margin"])
def test_a_narrower_interval_would_be_found_out(experiments: list[dict[str, Experiment]], metric: str) -> None:
    covered = np.mean([one[metric].covers(one[metric].planted, level=0.8) for one in experiments])
    assert covered < 0.92


def test_an_effect_that_is_not_there_would_be_found_out(experiments: list[dict[str, Experiment]]) -> None:
    assert np.mean([one["spend"].covers(0.0) for one in experiments]) < 0.8


def test_estimates_are_right_in_the_mean(experiments: list[dict[str, Experiment]]) -> None:
    errors = np.array(
        [one["spend"].treated.mean - one["spend"].held_out.mean - one["spend"].planted for one in experiments]
    )
    # Three standard errors of the mean over the worlds.
    assert abs(errors.mean()) < 3 * errors.std(ddof=1) / np.sqrt(WORLDS)
