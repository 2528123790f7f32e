"""Assignment problems to test with: small random ones, and large ones whose budgets bind."""

from dataclasses import dataclass, replace

import numpy as np

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.pairs import Whole
from campaigns.assignment.rows import Rows, rows, rules
from campaigns.assignment.solver import Assignment, assign


@dataclass(frozen=True)
class Problem:
    values: np.ndarray
    allowed: np.ndarray
    use: np.ndarray
    constraints: Constraints
    tie: np.ndarray
    most: np.ndarray | None = None
    channel: np.ndarray | None = None

    def solved(self) -> Assignment:
        return assign(self.pairs(), self.constraints)

    def pairs(self) -> Whole:
        worth = np.where(self.allowed, self.values, -np.inf).astype(np.float32)
        return Whole(worth, self.use.astype(np.float32), self.tie, self.most, self.channel)

    def seen(self) -> Rows:
        """As the solver sees it, in the order of the ties."""
        ordered = self.reordered(np.argsort(self.tie)).pairs()
        return rows(ordered.block(slice(None)), rules(self.constraints))

    def reordered(self, order: np.ndarray) -> "Problem":
        return replace(
            self,
            values=self.values[order],
            allowed=self.allowed[order],
            use=self.use[order],
            tie=self.tie[order],
            most=None if self.most is None else self.most[order],
            channel=None if self.channel is None else self.channel[order],
        )


def rows_of(
    values: np.ndarray | list,
    use: np.ndarray | list | None = None,
    *,
    each: int = 1,
    most: list[int] | None = None,
    category: list[int] | None = None,
    channel: list[list[int]] | None = None,
) -> Rows:
    """Rows with just these numbers, in which ties are left as they are; -inf where an offer may not be given."""
    value = np.array(values, dtype=float)
    n, k = value.shape
    return Rows(
        worth=value,
        value=value,
        use=np.ones((n, k)) if use is None else np.array(use, dtype=float),
        tie=np.arange(n, dtype=np.uint64),
        most=np.full(n, each) if most is None else np.array(most),
        channel=None if channel is None else np.array(channel, dtype=np.int8),
        category=np.arange(k) if category is None else np.array(category),
        each=each,
    )


def single(numbers: np.ndarray) -> np.ndarray:
    """Rounded to what single precision holds, as values and uses are."""
    return numbers.astype(np.float32).astype(np.float64)


def unlimited(offers: int) -> Constraints:
    return Constraints(count_limit=np.full(offers, -1), budget=np.full(offers, np.nan))


def ties(members: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, members, dtype=np.uint64)


def grocer(members: int, offers: int, *, seed: int, totals: bool = True) -> Problem:
    """Values and costs that follow affinities, three fifths allowed; counts, money and totals that bind."""
    rng = np.random.default_rng(seed)
    affinity = np.exp(rng.normal(0, 0.6, (members, 12)))[:, rng.integers(0, 12, offers)]
    values = rng.uniform(0.2, 1.5, offers) * affinity - rng.uniform(0.05, 0.4, offers)
    use = single(0.1 * affinity * rng.uniform(0.5, 3, offers))
    count = np.where(np.arange(offers) % 3 == 0, -1, members // (2 * offers))
    budget = np.where(np.arange(offers) % 2 == 0, use.mean(axis=0) * members / (2.5 * offers), np.nan)
    constraints = Constraints(count, budget)
    if totals:
        constraints = replace(constraints, total_budget=float(use.mean() * members * 0.3), contacts=members * 2 // 5)
    return Problem(
        single(values + rng.normal(0, 0.05, values.shape)),
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
    return Problem(single(values), rng.random(shape) < 0.6, np.ones(shape), constraints, ties(members, seed))


def flat(members: int, offers: int, *, seed: int, share_served: float) -> Problem:
    """Every offer is worth the same to everybody, as for a scorer that knows nothing of the members."""
    rng = np.random.default_rng(seed)
    shape = (members, offers)
    values = np.broadcast_to(single(rng.uniform(0.5, 2, offers)), shape)
    constraints = Constraints(np.full(offers, int(members * share_served) // offers), np.full(offers, np.nan))
    return Problem(values, rng.random(shape) < 0.6, np.ones(shape), constraints, ties(members, seed))


def many_kinds(members: int, offers: int, *, seed: int) -> Problem:
    """Up to three offers each, limits of all kinds at once, and two minimum volumes, one of them mostly at a loss."""
    problem, rng = grocer(members, offers, seed=seed), np.random.default_rng(seed + 1)
    values = problem.values.copy()
    values[:, 1] -= 1.0
    least = np.zeros(offers, dtype=np.int64)
    least[[1, 4]] = members // 50
    constraints = replace(
        problem.constraints,
        contacts=members,
        total_budget=float(problem.use.mean() * members * 0.8),
        least=least,
        capacity=np.array([members // 3, -1, members // 5]),
        each=3,
        category=np.arange(offers) // 3 - 1,
    )
    channel = rng.integers(0, 3, problem.values.shape).astype(np.int8)
    most = rng.integers(0, 4, members).astype(np.uint8)
    return replace(problem, values=single(values), constraints=constraints, most=most, channel=channel)


def exceeded(problem: Problem, assignment: Assignment) -> float:
    """Units over any limit, summed: members, offers and money. Sums of decimals may be a 10^-9 off."""
    limits, (members, places) = problem.constraints, np.nonzero(assignment.offer >= 0)
    offers, k = assignment.offer[members, places], problem.values.shape[1]
    count = np.bincount(offers, minlength=k)
    money = np.bincount(offers, weights=problem.use[members, offers], minlength=k)
    over = [
        *np.where(limits.count_limit >= 0, count - limits.count_limit, 0),
        *np.nan_to_num(money - limits.budget, nan=0.0),
        money.sum() - (np.inf if limits.total_budget is None else limits.total_budget),
        len(offers) - (np.inf if limits.contacts is None else limits.contacts),
        *_over_per_member(problem, members, offers),
    ]
    if limits.least is not None:
        over.extend(limits.least - count)
    if limits.capacity is not None:
        carried = np.bincount(problem.channel[members, offers], minlength=len(limits.capacity))
        over.extend(np.where(limits.capacity >= 0, carried - limits.capacity, 0))
    return float(sum(excess for excess in over if excess > 1e-9))


def _over_per_member(problem: Problem, members: np.ndarray, offers: np.ndarray) -> list[float]:
    """Offers beyond what members may have in all, of one category, and of one kind."""
    limits, n = problem.constraints, len(problem.tie)
    most = np.full(n, limits.each) if problem.most is None else np.minimum(problem.most, limits.each)
    beyond = [*(np.bincount(members, minlength=n) - most)]
    kinds = [offers, offers if limits.category is None else limits.category[offers]]
    for kind in kinds:
        pairs = np.stack([members, kind], axis=1)[kind >= 0]
        beyond.append(len(pairs) - len(np.unique(pairs, axis=0)))
    return beyond
