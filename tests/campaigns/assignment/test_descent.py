import numpy as np

from campaigns.assignment.bound import Prices, bound
from campaigns.assignment.constraints import limits
from campaigns.assignment.descent import settled
from campaigns.assignment.prices import one_pass
from campaigns.assignment.ties import fractions, separated
from tests.campaigns.assignment.worlds import Problem, contested, flat


def _bounds(problem: Problem, *, sample: int, plain_passes: int) -> tuple[float, float]:
    """The bound of the settled prices, and that of as many plain passes."""
    by_hash = fractions(problem.tie, problem.values.shape[1])
    values = separated(np.where(problem.allowed, problem.values, -np.inf), by_hash)
    most, plain = limits(problem.constraints), Prices.free(values.shape[1])
    prices = settled(values, problem.use, most, by_hash, sample=sample)
    for _ in range(plain_passes):
        plain = one_pass(values, problem.use, most, plain)
    return bound(values, problem.use, most, prices), bound(values, problem.use, most, plain)


def test_prices_that_chase_one_another_are_overtaken():
    settled_bound, plain_bound = _bounds(contested(4_000, 20, seed=0), sample=4_000, plain_passes=40)
    assert settled_bound < 0.99 * plain_bound


def test_prices_settle_where_all_members_have_the_same_values():
    settled_bound, plain_bound = _bounds(flat(4_000, 20, seed=1, share_served=0.4), sample=4_000, plain_passes=40)
    assert settled_bound < 0.5 * plain_bound


def test_a_sample_gives_prices_as_good_as_everybody():
    problem = contested(20_000, 20, seed=2)
    from_few, _ = _bounds(problem, sample=1_000, plain_passes=0)
    from_all, _ = _bounds(problem, sample=20_000, plain_passes=0)
    assert abs(from_few / from_all - 1) < 1e-4
