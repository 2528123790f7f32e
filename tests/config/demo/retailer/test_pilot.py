import numpy as np
import pytest

from config.demo.retailer import people
from config.demo.retailer.pilot import OFFERS, SHARE_HELD_OUT, Pilot, pilot
from config.demo.retailer.world import World


@pytest.fixture(scope="module")
def trial(world: World) -> Pilot:
    return pilot(world)


def test_only_members_whom_an_email_could_reach_take_part(world: World, trial: Pilot) -> None:
    assert people.marketing(world, "email").holds_on(trial.day)[trial.member].all()
    assert len(trial.member) > 0.4 * len(world)


def test_held_out_members_are_sent_nothing(trial: Pilot) -> None:
    assert not set(trial.contacts().member) & set(trial.member[trial.held_out])
    # Four standard errors of a share of a fifth among about 1,000 are 5 points.
    assert abs(trial.held_out.mean() - SHARE_HELD_OUT) < 0.05


def test_each_offer_is_as_likely_as_any_other(trial: Pilot) -> None:
    counts = np.bincount(np.searchsorted(OFFERS, trial.contacts().offer), minlength=len(OFFERS))
    expected = counts.sum() / len(OFFERS)
    assert (np.abs(counts - expected) < 4 * np.sqrt(expected)).all()


def test_arms_and_offers_have_nothing_to_do_with_the_member(world: World, trial: Pilot) -> None:
    rate = world.traits.rate[trial.member]
    difference = rate[trial.held_out].mean() - rate[~trial.held_out].mean()
    error = rate.std() * np.sqrt(1 / trial.held_out.sum() + 1 / (~trial.held_out).sum())
    assert abs(difference) < 4 * error


def test_offers_of_every_kind_are_tried(world: World) -> None:
    assert {world.offers.kinds[offer] for offer in OFFERS} == set(world.offers.kinds)
