import numpy as np

from config.demo.retailer.members import NEVER
from config.demo.retailer.world import World


def test_some_members_lapse_for_good_and_some_come_back(world: World) -> None:
    traits = world.traits
    lapsed = traits.away_from < NEVER
    back = lapsed & (traits.away_until < NEVER)
    # Binomial with n = 2,000: four standard errors are 4.1 and 3.2 points.
    assert abs(lapsed.mean() - 0.30) < 0.041
    assert abs(back.mean() - 0.15) < 0.032
    assert (traits.away_until[back] - traits.away_from[back] >= 90).all()


def test_some_members_never_buy(world: World) -> None:
    # Binomial with n = 2,000: four standard errors are 2 points.
    assert abs((world.traits.rate == 0).mean() - 0.05) < 0.02


def test_tastes_are_shares_and_differ(world: World) -> None:
    taste = world.traits.taste
    assert np.allclose(taste.sum(axis=1), 1)
    assert (taste.std(axis=0) > 0.3 * taste.mean(axis=0)).all()


def test_the_young_shop_online_more(world: World) -> None:
    young = world.traits.age < 45
    assert world.traits.online[young].mean() > 1.3 * world.traits.online[~young].mean()


def test_members_joined_before_and_during_the_history(world: World) -> None:
    joined = world.traits.joined
    assert joined.max() < world.end
    assert 0.6 < (joined < world.start).mean() < 0.7
