from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment import swaps as module
from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import chosen
from campaigns.assignment.limits import Limits
from campaigns.assignment.prices import demand
from campaigns.assignment.rows import Rows
from campaigns.assignment.swaps import curvature, swaps
from tests.campaigns.assignment.worlds import rows_of


def _seen(rows: Rows, near: float) -> list[tuple[int, int, int]]:
    free = Prices.free(rows.value.shape[1])
    found = swaps(rows, free, chosen(rows, free), near=near)
    return sorted(zip(found.members.tolist(), found.to.tolist(), found.back.tolist(), strict=True))


def test_a_swap_between_two_offers_is_seen_once():
    assert _seen(rows_of([[5.0, 4.5], [5.0, 2.0]]), near=1.0) == [(0, 1, 0)]


def test_taking_an_offer_at_all_is_a_swap_with_nothing():
    assert _seen(rows_of([[0.2, -np.inf], [-0.3, -np.inf], [3.0, -np.inf]]), near=1.0) == [(0, 0, -1), (1, 0, -1)]


def test_where_places_are_taken_the_least_of_what_is_taken_is_in_the_way():
    assert _seen(rows_of([[5.0, 4.0, 3.5]], each=2), near=1.0) == [(0, 2, 1)]


def test_where_there_is_a_place_the_one_of_the_same_category_is_in_the_way():
    assert _seen(rows_of([[5.0, 4.0, 4.5]], each=3, category=[0, 1, 0]), near=1.0) == [(0, 2, 0)]


def test_whoever_may_have_nothing_has_no_swaps():
    assert _seen(rows_of([[0.2, 0.1]], most=[0]), near=1.0) == []


def _world() -> tuple[Rows, Limits, Prices]:
    """Several offers each, categories and channels, at prices of every kind."""
    rng, n = np.random.default_rng(1), 100_000
    rows = rows_of(rng.uniform(-1, 5, (n, 4)), rng.uniform(0.5, 1.5, (n, 4)), each=2, category=[0, 0, 1, 2])
    rows = replace(rows, channel=rng.integers(0, 2, (n, 4)).astype(np.int8))
    limits = Limits.none(4, channels=2)
    return rows, limits, Prices(np.full(4, 0.5), np.full(4, 0.3), 0.2, 0.1, np.array([0.4, 0.2]))


@pytest.mark.parametrize("enough", [2**30, 2**12])
def test_demand_answers_to_each_price_as_the_curvature_says(enough, monkeypatch):
    monkeypatch.setattr(module, "ENOUGH", enough)
    rows, limits, prices = _world()
    found = curvature(swaps(rows, prices, chosen(rows, prices), near=0.2), rows, limits, np.ones(12))
    for number in range(12):
        move = np.where(np.arange(12) == number, 0.05, 0.0)
        below, above = (demand(rows, limits, prices.with_row(prices.row() + sign * move)).row() for sign in (-1, 1))
        # Some hundreds turn, of whom the root is a twentieth; of a sample of the swaps it is an eighth.
        assert found[number] == pytest.approx((below - above) / 0.1, abs=0.1 * found.max())
