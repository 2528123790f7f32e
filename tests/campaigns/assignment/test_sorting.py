import numpy as np
import pytest

from campaigns.assignment.bound import Prices
from campaigns.assignment.choices import Box, is_sure, sorted_out
from campaigns.assignment.rows import rules
from campaigns.assignment.sorting import sort
from tests.campaigns.assignment.worlds import grocer, many_kinds

UNIT = 2.0**-40
ALONE = np.arange(3)


def _sure(
    high: list[float], low: list[float], offer: list[int], *, most: int = 1, category: np.ndarray = ALONE
) -> bool:
    return bool(is_sure(np.array([high]), np.array([low]), np.array([offer]), np.array([most]), category)[0])


def test_whoever_is_better_off_at_the_worst_than_otherwise_at_the_best_is_sure():
    assert _sure([9.0, 3.0, 2.0], [4.0, 1.0, 1.0], [0])
    assert not _sure([9.0, 4.5, 2.0], [4.0, 1.0, 1.0], [0])


def test_whoever_may_come_to_lose_by_an_offer_is_not_sure():
    assert not _sure([9.0, -1.0, -1.0], [-0.1, -2.0, -2.0], [0])


def test_with_a_place_left_only_what_is_never_worth_it_stays_out_for_sure():
    assert _sure([9.0, -0.1, -0.1], [4.0, -1.0, -1.0], [0, -1], most=2)
    assert not _sure([9.0, 0.1, -0.1], [4.0, -1.0, -1.0], [0, -1], most=2)


def test_another_one_of_the_category_has_to_beat_only_that():
    category = np.array([0, 0, 1])
    assert _sure([9.0, 3.0, 5.0], [4.0, 1.0, 2.0], [0, 2], most=2, category=category)
    assert not _sure([9.0, 4.5, 5.0], [4.0, 1.0, 2.0], [0, 2], most=2, category=category)


@pytest.mark.parametrize("problem", [grocer(4_000, 9, seed=1), many_kinds(4_000, 9, seed=2)])
def test_whoever_is_sure_takes_the_same_at_all_prices_of_the_box(problem):
    rule, block, rng = rules(problem.constraints), problem.pairs().block(slice(None)), np.random.default_rng(3)
    free = Prices.free(9, len(rule.limits.capacity))
    row = rng.uniform(0, 0.2, len(free.row()))
    row[-10:] *= 1e-6
    box = Box(free.with_row(row), free.with_row(row * 0.8), free.with_row(row * 1.2))
    found = sorted_out(block, rule, box, None)
    assert 0.05 < found.sure.mean() < 0.95
    changed = np.zeros(len(found.sure), dtype=bool)
    for _ in range(20):
        other = sorted_out(block, rule, free.with_row(row * rng.uniform(0.8, 1.2, len(row))), None)
        changed |= (np.sort(other.offer, axis=1) != np.sort(found.offer, axis=1)).any(axis=1)
    assert not changed[found.sure].any()
    assert changed[~found.sure].any()


def test_sums_do_not_depend_on_how_members_are_split(monkeypatch):
    problem = many_kinds(3_000, 9, seed=4)
    rule, free = rules(problem.constraints), Prices.free(9, 3)
    box = Box(free, free, free.with_row(np.full(len(free.row()), 0.01)))
    found = sort(problem.pairs(), rule, box, unit=UNIT)
    monkeypatch.setattr("campaigns.assignment.survey.PAIRS_AT_ONCE", 1_000)
    again = sort(problem.pairs(), rule, box, unit=UNIT)
    assert (again.kept, again.value) == (found.kept, found.value)
    assert np.array_equal(again.sure.row(), found.sure.row())
