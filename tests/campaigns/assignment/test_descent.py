from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import bound
from campaigns.assignment.descent import settled
from campaigns.assignment.limits import limits
from campaigns.assignment.prices import one_pass
from tests.campaigns.assignment.worlds import Problem, contested, flat


def _bounds(problem: Problem, *, sample: int, plain_passes: int) -> tuple[float, float]:
    """The bound of the settled prices, and that of as many plain passes."""
    members, most, plain = problem.seen(), limits(problem.constraints), Prices.free(problem.values.shape[1])
    prices = settled(members, most, sample=sample)
    for _ in range(plain_passes):
        plain = one_pass(members, most, plain)
    return bound(members, most, prices), bound(members, most, plain)


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
