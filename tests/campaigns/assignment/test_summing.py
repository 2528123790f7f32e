import numpy as np
import pytest

from campaigns.assignment import loops
from campaigns.assignment.bound import Prices
from campaigns.assignment.choices import Box, sorted_out
from campaigns.assignment.rows import rules
from campaigns.assignment.summing import summed
from tests.campaigns.assignment.worlds import grocer, many_kinds


@pytest.mark.parametrize("problem", [grocer(3_000, 9, seed=1), many_kinds(3_000, 9, seed=2)])
def test_compiled_loops_come_to_the_same_sums(problem):
    block, rule = problem.pairs().block(slice(None)), rules(problem.constraints)
    free = Prices.free(9, len(rule.limits.capacity))
    row = np.full(len(free.row()), 0.1)
    row[-10:] = 1e-7
    box = Box(free.with_row(row), free.with_row(row * 0.9), free.with_row(row * 1.1))
    found = sorted_out(block, rule, box, None)
    (taken, *values), (expected, *others) = (summed(block, found, rule, by, unit=2.0**-40) for by in (loops, None))
    assert values == others
    assert np.array_equal(taken.row(), expected.row())
    assert np.array_equal(taken.least, expected.least)
    assert 0 < taken.contacts < (found.offer >= 0).sum()  # those who are not sure are left out
