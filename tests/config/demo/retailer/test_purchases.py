from dataclasses import fields, replace

import numpy as np

from config.demo.retailer import purchases
from config.demo.retailer.world import World


def test_a_shorter_stretch_holds_the_same_baskets(world: World) -> None:
    whole = purchases.baskets(world, world.start, world.start + 70)
    part = purchases.baskets(world, world.start + 33, world.start + 61)
    within = whole.take((whole.day >= world.start + 33) & (whole.day < world.start + 61))
    for field in fields(part):
        assert np.array_equal(getattr(part, field.name), getattr(within, field.name))


def test_another_luck_brings_other_days_to_the_same_members(world: World) -> None:
    other = purchases.baskets(replace(world, luck=1), world.start, world.start + 60)
    same = purchases.baskets(world, world.start, world.start + 60)
    together = np.intersect1d(
        same.member * 1000 + same.day - world.start, other.member * 1000 + other.day - world.start
    )
    assert len(together) < 0.2 * len(same)


def test_members_buy_nothing_before_they_join_or_while_away(world: World) -> None:
    bought = purchases.baskets(world, world.start, world.end)
    traits = world.traits
    away = (bought.day >= traits.away_from[bought.member]) & (bought.day < traits.away_until[bought.member])
    assert (bought.day >= traits.joined[bought.member]).all()
    assert not away.any()
    assert (traits.away_until[bought.member] <= bought.day).any()  # some are back


def test_volume_is_that_of_a_grocer(world: World) -> None:
    bought = purchases.baskets(world, world.start, world.end)
    lines = purchases.lines(world, bought)
    assert 50 < len(lines) / len(world) < 70  # 1.0 to 1.4 million for 20,000 members
    assert 3.5 < len(lines) / len(bought) < 5
    assert 10 < lines.net.sum() / 100 / len(bought) < 25
    assert 0.2 < lines.margin.sum() / lines.net.sum() < 0.35


def test_a_shop_is_as_likely_as_its_chance_says(world: World) -> None:
    days = np.arange(world.start, world.start + 300)
    expected = purchases.shopping_chance(world, np.arange(len(world))[:, None], days[None, :])
    happened = len(purchases.baskets(world, days[0], days[-1] + 1))
    # Four standard errors of a sum of independent draws.
    assert abs(happened - expected.sum()) < 4 * np.sqrt((expected * (1 - expected)).sum())


def test_saturdays_are_busier_than_sundays(world: World) -> None:
    bought = purchases.baskets(world, world.start, world.start + 728)
    by_weekday = np.bincount((bought.day + 3) % 7, minlength=7)
    assert by_weekday[5] > 1.4 * by_weekday[6]


def test_december_is_busier_than_july() -> None:
    first = np.datetime64("2025-01-01").astype(int)
    year = purchases.season(np.arange(first, first + 365))
    assert year[-31:].mean() > 1.1 * year[181:212].mean()
    assert abs(year.mean() - 1) < 0.03


def test_bargain_hunters_buy_more_on_promotion(world: World) -> None:
    bought = purchases.baskets(world, world.start, world.end)
    lines = purchases.lines(world, bought)
    sensitivity = world.traits.sensitivity[bought.member[lines.basket]]
    promoted = lines.discount > 0
    assert promoted[sensitivity > 0.7].mean() > 2 * promoted[sensitivity < 0.3].mean()


def test_members_buy_most_where_their_taste_lies(world: World) -> None:
    bought = purchases.baskets(world, world.start, world.end)
    lines = purchases.lines(world, bought)
    member = bought.member[lines.basket]
    bakery = world.catalogue.department[lines.product] == 1
    fond = world.traits.taste[:, 1] > 2 * world.catalogue.department_share[1]
    expected = world.traits.taste[member[fond[member]], 1].mean()
    # The pages are drawn once per member: four standard errors of about 5,000 effective lines are 2 points.
    assert abs(bakery[fond[member]].mean() - expected) < 0.02


def test_returns_are_few_and_negative(world: World) -> None:
    lines = purchases.lines(world, purchases.baskets(world, world.start, world.end))
    returned = lines.quantity < 0
    assert 0.001 < returned.mean() < 0.006
    assert (lines.net[returned] < 0).all()
    assert (lines.net[~returned] > 0).all()
