"""The compiled loops say what NumPy says, to the last bit."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from campaigns.assignment import loops
from campaigns.assignment.bound import Prices
from campaigns.assignment.choice import choice
from campaigns.assignment.choices import Box, sorted_out
from campaigns.assignment.choosing import chosen
from campaigns.assignment.rows import rules
from tests.campaigns.assignment.worlds import Problem, grocer, many_kinds, ties, unlimited

PROBLEMS = [
    pytest.param(grocer(3_000, 9, seed=1), id="one each"),
    pytest.param(many_kinds(3_000, 9, seed=2), id="several each, categories and channels"),
]


def _prices(problem: Problem, seed: int) -> Prices:
    k = problem.values.shape[1]
    channels = 0 if problem.constraints.capacity is None else len(problem.constraints.capacity)
    free = Prices.free(k, channels)
    drawn = np.random.default_rng(seed).uniform(0, 0.2, len(free.row()))
    drawn[-k - 1 :] *= 1e-6
    return free.with_row(drawn)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_members_in_memory_choose(problem, monkeypatch):
    members, prices = problem.seen(), _prices(problem, 3)
    reduced = members.value - prices.of(members.use, members.channel)
    expected = choice(reduced, members.most, members.category, members.each)
    monkeypatch.setattr("campaigns.assignment.choosing.compiled", lambda _: loops)
    found = chosen(members, prices)
    for name in ("offer", "gained", "margin"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_a_block_chooses_and_who_is_sure(problem):
    block, rule, prices = problem.pairs().block(slice(None)), rules(problem.constraints), _prices(problem, 4)
    box = Box(prices, prices.with_row(prices.row() * 0.9), prices.with_row(prices.row() * 1.1))
    expected, found = sorted_out(block, rule, box, None), sorted_out(block, rule, box, loops)
    for name in ("offer", "worth", "pays", "gained", "sure"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert 0 < found.sure.sum() < len(found.sure)


@pytest.mark.parametrize("each", [1, 3])
def test_members_whom_single_precision_cannot_tell_apart(each):
    rng, k = np.random.default_rng(6), 12
    nearly_one = (1 + rng.integers(-2, 3, (4_000, k)) * 2.0**-23).astype(np.float32)
    use = rng.choice([0.1, 0.2, 0.3], (4_000, k)).astype(np.float32)
    stated = replace(unlimited(k), each=each, category=np.arange(k) % 5 if each > 1 else None)
    problem = Problem(nearly_one, rng.random(use.shape) < 0.8, use, stated, ties(4_000, seed=6))
    block, rule, free = problem.pairs().block(slice(None)), rules(stated), Prices.free(k)
    row = np.full(len(free.row()), 0.3)
    row[-k - 1 :] = np.repeat([1e-7, 2e-7], [k, 1])
    prices = free.with_row(row)
    box = Box(prices, free.with_row(row * (1 - 1e-7)), free.with_row(row * (1 + 1e-7)))
    expected, found = sorted_out(block, rule, box, None), sorted_out(block, rule, box, loops)
    for name in ("offer", "worth", "pays", "gained", "sure"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    charge = (use * np.float32(0.3)).astype(np.float32) + np.float32(0.6)
    nearest = (block.value - charge).argmax(axis=1)
    assert (nearest != expected.offer[:, 0]).mean() > 0.1  # as single precision alone would have it


def test_uses_of_all_sizes_are_counted_alike():
    use = np.exp(np.random.default_rng(5).uniform(-15, 12, (4_000, 3))).astype(np.float32)
    problem = Problem(
        np.full(use.shape, 1e6),
        np.ones(use.shape, dtype=bool),
        use,
        PROBLEMS[0].values[0].constraints,
        np.arange(4_000),
    )
    rule = rules(grocer(10, 3, seed=1, totals=False).constraints)
    block = problem.pairs().block(slice(None))
    prices = Prices.free(3).with_row(np.array([0, 0, 0, 0, 1e-3, 1e-3, 1e-3, 0]))
    assert np.array_equal(sorted_out(block, rule, prices, None).gained, sorted_out(block, rule, prices, loops).gained)


def test_small_problems_do_not_bring_the_compiler():
    program = (
        "import sys; from tests.campaigns.assignment.worlds import grocer; "
        "grocer(2_000, 10, seed=1).solved(); sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
