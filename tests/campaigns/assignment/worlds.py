"""Assignment problems to test with: small random ones, and large ones whose budgets bind."""

from dataclasses import dataclass, replace

import numpy as np

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.optimiser import Assignment, assign


@dataclass(frozen=True)
class Problem:
    values: np.ndarray
    allowed: np.ndarray
    use: np.ndarray
    constraints: Constraints
    tie: np.ndarray

    def solved(self) -> Assignment:
        return assign(self.values, self.allowed, self.use, self.constraints, tie=self.tie)

    def reordered(self, order: np.ndarray) -> "Problem":
        return replace(
            self, values=self.values[order], allowed=self.allowed[order], use=self.use[order], tie=self.tie[order]
        )


def unlimited(offers: int) -> Constraints:
    return Constraints(count_limit=np.full(offers, -1), budget=np.full(offers, np.nan))


def ties(members: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, members, dtype=np.uint64)


def grocer(members: int, offers: int, *, seed: int, totals: bool = True) -> Problem:
    """Values and costs that follow affinities, three fifths allowed; counts, money and totals that bind."""
    rng = np.random.default_rng(seed)
    affinity = np.exp(rng.normal(0, 0.6, (members, 12)))[:, rng.integers(0, 12, offers)]
    values = rng.uniform(0.2, 1.5, offers) * affinity - rng.uniform(0.05, 0.4, offers)
    use = 0.1 * affinity * rng.uniform(0.5, 3, offers)
    count = np.where(np.arange(offers) % 3 == 0, -1, members // (2 * offers))
    budget = np.where(np.arange(offers) % 2 == 0, use.mean(axis=0) * members / (2.5 * offers), np.nan)
    constraints = Constraints(count, budget)
    if totals:
        constraints = replace(constraints, total_budget=float(use.mean() * members * 0.3), contacts=members * 2 // 5)
    return Problem(
        values + rng.normal(0, 0.05, values.shape),
        rng.random(values.shape) < 0.6,
        use,
        constraints,
        ties(members, seed),
    )


def contested(members: int, offers: int, *, seed: int) -> Problem:
    """Everybody wants something and half of them can have it: the prices chase one another."""
    rng = np.random.default_rng(seed)
    shape = (members, offers)
    values = rng.uniform(5, 10, (members, 1)) + rng.normal(0, 0.5, shape) + rng.normal(0, 0.5, offers)
    constraints = Constraints(np.full(offers, members // (2 * offers)), np.full(offers, np.nan))
    return Problem(values, rng.random(shape) < 0.6, np.ones(shape), constraints, ties(members, seed))


def flat(members: int, offers: int, *, seed: int, share_served: float) -> Problem:
    """Every offer is worth the same to everybody, as for a scorer that knows nothing of the members."""
    rng = np.random.default_rng(seed)
    shape = (members, offers)
    values = np.broadcast_to(rng.uniform(0.5, 2, offers), shape)
    constraints = Constraints(np.full(offers, int(members * share_served) // offers), np.full(offers, np.nan))
    return Problem(values, rng.random(shape) < 0.6, np.ones(shape), constraints, ties(members, seed))


def exceeded(problem: Problem, assignment: Assignment) -> float:
    """Units over any limit, summed: members and money. Sums of decimals may be a 10^-9 off."""
    offer, limits = np.asarray(assignment.offer), problem.constraints
    chosen = np.flatnonzero(offer >= 0)
    offers, k = offer[chosen], problem.values.shape[1]
    count = np.bincount(offers, minlength=k)
    money = np.bincount(offers, weights=problem.use[chosen, offers], minlength=k)
    over = [
        *np.where(limits.count_limit >= 0, count - limits.count_limit, 0),
        *np.nan_to_num(money - limits.budget, nan=0.0),
        money.sum() - (np.inf if limits.total_budget is None else limits.total_budget),
        len(chosen) - (np.inf if limits.contacts is None else limits.contacts),
    ]
    return float(sum(excess for excess in over if excess > 1e-9))
