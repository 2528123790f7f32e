"""The same assignment as a linear programme, for a solver that knows nothing of what it is about."""

import time
import warnings
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeWarning, linprog
from scipy.sparse import csr_array, vstack

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Block

MOST_SECONDS = 1_800.0
SOLVED = 0


@dataclass(frozen=True)
class Linear:
    """`optimum` is the highest value with fractions of offers, None where the solver was stopped before; `seconds` is
    what it took, or had."""

    optimum: float | None
    seconds: float


def linear_programme(everybody: Block, limits: Constraints) -> Linear:
    """With fractions of offers allowed, so that no assignment of whole ones is worth more.

    Of the ways that HiGHS has, this was the fastest for 100,000 × 50 with counts: 5 minutes of a core, after 9 of which
    its first-order method (PDLP) was not done; and its simplex took 3 for 30,000 members, and 10 s for 10,000.
    """
    members, offers = np.nonzero(everybody.value > 0)
    value = everybody.value[members, offers].astype(np.float64)
    most = np.concatenate([np.full(len(everybody.value), limits.each), limits.count_limit])
    options = {"run_crossover": "off", "time_limit": MOST_SECONDS}  # its optimum is wanted, not a corner of it
    solve = partial(linprog, -value, A_ub=_matrix(members, offers, everybody.value.shape), b_ub=most, bounds=(0, None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)  # of the first of the options, which it hands on unseen
        began = time.perf_counter()
        found = solve(method="highs-ipm", options=options)
        seconds = time.perf_counter() - began
    return Linear(None if found.status != SOLVED or found.fun is None else -float(found.fun), seconds)


def _matrix(members: NDArray[np.intp], offers: NDArray[np.intp], shape: tuple[int, ...]) -> csr_array:
    """One row per member and one per offer, each of which sums its pairs."""
    pairs, ones = np.arange(len(members)), np.ones(len(members))
    return vstack(
        [
            csr_array((ones, (kind, pairs)), shape=(count, len(pairs)))
            for kind, count in zip((members, offers), shape, strict=True)
        ]
    )
