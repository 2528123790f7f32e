from dataclasses import replace

import numpy as np

from campaigns.assignment.bound import Prices
from campaigns.assignment.boxes import NO_PRICE, around, clipped, holds, moved, opened
from campaigns.assignment.choices import Box
from campaigns.assignment.limits import Limits
from tests.campaigns.assignment.worlds import rows_of


def _prices(count: float) -> Prices:
    return replace(Prices.free(1), count=np.array([count]))


BOX = Box(_prices(2.0), _prices(1.0), _prices(3.0))


def test_prices_outside_are_moved_to_the_side():
    assert [clipped(BOX, _prices(price)).count[0] for price in (0.5, 1.5, 4.0)] == [1.0, 1.5, 3.0]


def test_a_box_holds_what_is_between_its_sides():
    assert [holds(BOX, _prices(price)) for price in (0.5, 1.0, 1.5, 3.0, 4.0)] == [False, True, True, True, False]


def test_a_box_follows_prices_that_stay_inside_and_keeps_its_width():
    after = moved(BOX, _prices(1.5))
    assert [side.count[0] for side in (after.low, after.prices, after.high)] == [0.5, 1.5, 2.5]


def test_a_box_opens_wide_towards_prices_that_leave_it():
    after = moved(BOX, _prices(5.0))
    assert [side.count[0] for side in (after.low, after.prices, after.high)] == [0.0, 5.0, 11.0]


def test_a_box_is_without_an_end_where_too_much_is_taken_for_sure():
    left = replace(Limits.none(1), count=np.array([-1.0]))
    assert opened(BOX, left, everything=False).high.count[0] == NO_PRICE
    assert opened(BOX, left, everything=False).low.count[0] == 1.0


def test_a_box_is_without_a_bottom_where_a_minimum_is_not_met():
    left = replace(Limits.none(1), least=np.array([1.0]))
    assert opened(BOX, left, everything=False).low.count[0] == -NO_PRICE


def test_the_box_holds_the_prices_that_the_whole_comes_to():
    rng = np.random.default_rng(0)
    gains = rng.uniform(0, 1, 20_000)
    limits = replace(Limits.none(1), count=np.array([2_000.0]))
    whole = np.sort(gains)[::-1][2_000]
    inside = 0
    for draw in range(20):
        few = rows_of(np.random.default_rng(draw).choice(gains, 2_000)[:, None])
        found = around(few, limits.scaled(0.1), _prices(1.0), _prices(0.9))
        inside += found.low.count[0] <= whole <= found.high.count[0]
    assert inside == 20


def test_a_limit_of_very_few_may_come_to_any_price():
    few = rows_of(np.random.default_rng(1).uniform(0, 1, (100, 1)))
    found = around(few, replace(Limits.none(1), count=np.array([0.5])), _prices(0.99), _prices(0.99))
    assert found.high.count[0] == NO_PRICE
