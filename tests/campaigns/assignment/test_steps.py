from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import chosen
from campaigns.assignment.limits import Limits
from campaigns.assignment.prices import demand
from campaigns.assignment.rows import Rows
from campaigns.assignment.steps import scale, slopes, step
from campaigns.assignment.swaps import swaps
from tests.campaigns.assignment.worlds import rows_of


def _members() -> Rows:
    rng = np.random.default_rng(0)
    return rows_of(rng.uniform(0, 5, (20_000, 3)), rng.uniform(0.5, 1.5, (20_000, 3)))


def _stepped(rows: Rows, limits: Limits, prices: Prices) -> Prices:
    found, by = chosen(rows, prices), scale(rows, limits)
    move = step(rows, limits, prices, found, swaps(rows, prices, found, near=0.3), by)
    return prices.with_row((prices.row() * by.units + move) / by.units)


def test_one_step_brings_demand_to_limits_that_act_on_each_other():
    rows, limits = _members(), replace(Limits.none(3), count=np.array([5_000.0, 5_000, 5_000]), total=14_000.0)
    before = replace(Prices.free(3), count=np.full(3, 2.2), total=0.6)
    over = [demand(rows, limits, prices).row() - limits.row() for prices in (before, _stepped(rows, limits, before))]
    binding = np.isfinite(limits.row())
    assert np.abs(over[1][binding]).max() < 0.2 * np.abs(over[0][binding]).max()


def test_a_price_that_is_not_needed_comes_down_to_0_and_no_lower():
    limits = replace(Limits.none(3), count=np.array([5_000.0, 20_000, 20_000]))
    after = _stepped(_members(), limits, replace(Prices.free(3), count=np.array([1.0, 0.1, 0.0])))
    assert after.count[0] > 0
    assert after.count[1:].tolist() == [0.0, 0.0]


def test_what_is_not_limited_is_not_charged_for():
    after = _stepped(_members(), replace(Limits.none(3), count=np.array([100.0, np.inf, np.inf])), Prices.free(3))
    assert after.count[0] > 0
    assert np.count_nonzero(after.row()) == 1


def test_a_minimum_volume_draws_the_price_below_0():
    rows = rows_of(np.random.default_rng(1).uniform(-2, 1, (10_000, 1)))
    limits = replace(Limits.none(1), least=np.array([5_000.0]))
    assert _stepped(rows, limits, Prices.free(1)).count[0] == pytest.approx(-0.5, abs=0.1)


@pytest.mark.parametrize(("price", "slope"), [(1.0, 100 - 600), (0.0, 100 - 600), (-1.0, 50 - 600)])
def test_the_bound_changes_by_what_is_left_of_a_limit_or_above_a_minimum(price, slope):
    rows = rows_of(np.full((600, 1), 2.0))
    limits = replace(Limits.none(1), count=np.array([100.0]), least=np.array([50.0]))
    prices = replace(Prices.free(1), count=np.array([price]))
    assert slopes(rows, limits, prices, chosen(rows, prices))[0] == slope
