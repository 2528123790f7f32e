"""The best of all assignments of a handful of pairs, by branch and bound (HiGHS)."""

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.given import Given, pairs
from campaigns.assignment.limits import Limits
from campaigns.assignment.rows import Rows

WORTH_PAIRS = 400
NODES = 2_000
OPTIMAL = 0


def best(rows: Rows, limits: Limits) -> Given | None:
    """The pairs worth most within the limits; None where there are too many to tell, or nothing keeps all limits."""
    from scipy.optimize import Bounds, milp  # heavy, and no web page comes here

    members, offers = np.nonzero(np.isfinite(rows.value) & (rows.most > 0)[:, None])
    if len(members) > WORTH_PAIRS:
        return None
    every = pairs(members, offers, rows)
    if not len(every):
        return every
    value = rows.value[members, offers]
    found = milp(
        -value / (np.abs(value).max() or 1.0),
        integrality=np.ones(len(every), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=_constraints(every, rows, limits),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if found.status != OPTIMAL or found.x is None:
        return None
    chosen = every.only(np.flatnonzero(np.rint(found.x) == 1))
    return chosen if limits.less(chosen.taken(limits)).hold() else None


def _constraints(every: Given, rows: Rows, limits: Limits):  # type: ignore[no-untyped-def]
    """Places and categories per member, then the limits: each row sums some of the pairs."""
    from scipy.optimize import LinearConstraint

    k, infinite = len(limits.count), np.inf
    by_category = every.members * (k + 1) + rows.category[every.offers]
    ones, none = np.ones(len(every)), np.full(k, -infinite)
    sums = [
        (_of_each(every.members, len(rows)), np.full(len(rows), -infinite), rows.most),
        *[(part, np.array([-infinite]), np.array([1.0])) for part in _pairs_of_a_kind(by_category)],
        (_of_each(every.offers, k), np.where(limits.least > 0, limits.least, -infinite), limits.count),
        (_of_each(every.offers, k) * every.use, none, limits.money),
        (np.stack([ones, every.use]), np.full(2, -infinite), np.array([limits.contacts, limits.total])),
    ]
    if every.channels is not None:
        c = len(limits.capacity)
        sums.append((_of_each(every.channels, c), np.full(c, -infinite), limits.capacity))
    matrix, low, high = (np.concatenate(parts) for parts in zip(*sums, strict=True))
    binding = np.isfinite(low) | np.isfinite(high)
    return LinearConstraint(matrix[binding], low[binding], high[binding])


def _of_each(kinds: NDArray[np.integer], count: int) -> NDArray[np.float64]:
    return np.asarray(np.arange(count)[:, None] == kinds, dtype=np.float64)


def _pairs_of_a_kind(kinds: NDArray[np.integer]) -> list[NDArray[np.float64]]:
    """A row for each kind that more than one pair is of."""
    found, counts = np.unique(kinds, return_counts=True)
    return [(kinds == kind).astype(np.float64)[None] for kind in found[counts > 1]]
