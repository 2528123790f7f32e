"""The value that no assignment of one offer each can exceed, by a solver of linear programmes."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from campaigns.assignment.limits import MILLIONTHS, whole_millionths
from tests.campaigns.assignment.worlds import Problem


def linear_optimum(problem: Problem) -> float:
    """The same problem with fractions of offers allowed, by HiGHS; money is counted in whole millionths there too."""
    (n, k), limits = problem.values.shape, problem.constraints
    rows, columns = np.nonzero(problem.allowed & (problem.values > 0))
    pairs, ones = np.arange(len(rows)), np.ones(len(rows))
    used = whole_millionths(problem.use[rows, columns].astype(np.float32)) / MILLIONTHS
    per_offer = [csr_array((weights, (columns, pairs)), shape=(k, len(rows))) for weights in (ones, used)]
    constraints = vstack(
        [
            csr_array((ones, (rows, pairs)), shape=(n, len(rows))),
            *per_offer,
            csr_array(used[None]),
            csr_array(ones[None]),
        ]
    )
    limit = np.concatenate(
        [
            np.ones(n),
            np.where(limits.count_limit < 0, np.inf, limits.count_limit),
            np.nan_to_num(limits.budget, nan=np.inf),
            [_or_none(limits.total_budget), _or_none(limits.contacts)],
        ]
    )
    binding = np.isfinite(limit)
    solved = linprog(-problem.values[rows, columns], A_ub=constraints[binding], b_ub=limit[binding], bounds=(0, 1))
    return float(-solved.fun)


def _or_none(limit: float | None) -> float:
    return np.inf if limit is None else limit
