"""Members whose spend is skewed as in retail, and thousands of campaigns among them in which nothing was done.

Spend is a gamma-Poisson number of baskets of log-normal amounts: many zeros, a long tail, a coefficient of variation of
about 2; who bought much before buys much again. Only the sums of each campaign's arms are kept: what an effect would
have made of them follows by arithmetic.
"""

from dataclasses import dataclass

import numpy as np

from analytics.measurement import tails
from analytics.measurement.moments import Moments, Paired, Ratio

MEMBERS, HELD_OUT = 20_000, 2000
SHARE_HELD_OUT = HELD_OUT / MEMBERS


def baskets(level: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Number of baskets and spend of each member."""
    count = rng.poisson(level)
    amounts = rng.lognormal(3.0, 1.2, int(count.sum()))
    return count, np.bincount(np.repeat(np.arange(level.size), count), weights=amounts, minlength=level.size)


@dataclass(frozen=True)
class Population:
    """(n,) each: spend and visits of the outcome window, spend before, spend with a ceiling, and what tells nothing."""

    spend: np.ndarray
    visits: np.ndarray
    before: np.ndarray
    clipped: np.ndarray
    unrelated: np.ndarray


def population(members: int, *, seed: int) -> Population:
    rng = np.random.default_rng(seed)
    level = rng.gamma(0.6, 3.3, members)
    visits, spend = baskets(level, rng)
    _, before = baskets(level, rng)
    clipped = tails.clipped(spend, tails.threshold(before))
    return Population(spend, visits.astype(float), before, clipped, rng.permutation(before))


# What is summed for each arm: pairs of columns, the first without a partner being the count of members.
PRODUCTS = (
    ("spend", None), ("spend", "spend"), ("before", None), ("before", "before"), ("spend", "before"),
    ("clipped", None), ("clipped", "clipped"), ("visits", None), ("visits", "visits"), ("spend", "visits"),
    ("unrelated", None), ("unrelated", "unrelated"), ("spend", "unrelated"),
)  # fmt: skip


@dataclass(frozen=True)
class Arm:
    """The sums of one arm of one campaign, by product."""

    n: int
    sums: dict[tuple[str, str | None], float]

    def raised(self, by: float) -> "Arm":
        """Had each member spent a share more; what was clipped stays."""
        power = {product: product.count("spend") for product in PRODUCTS}
        return Arm(self.n, {product: total * (1 + by) ** power[product] for product, total in self.sums.items()})

    def moments(self, of: str = "spend") -> Moments:
        return Moments(self.n, self.sums[of, None], self.sums[of, of])

    def paired(self, before: str = "before") -> Paired:
        now, then = self.moments(), self.moments(before)
        return Paired(self.n, now.total, now.total_sq, then.total, then.total_sq, self.sums["spend", before])

    def ratio(self) -> Ratio:
        above, below = self.moments(), self.moments("visits")
        return Ratio(self.n, above.total, above.total_sq, below.total, below.total_sq, self.sums["spend", "visits"])


def campaigns(people: Population, count: int, *, seed: int, held_out: int = HELD_OUT) -> list[tuple[Arm, Arm]]:
    """Treated and held-out arms of campaigns, a tenth held out, among members drawn anew for each."""
    rng = np.random.default_rng(seed)
    columns = [getattr(people, one) * (1 if other is None else getattr(people, other)) for one, other in PRODUCTS]
    each = np.column_stack(columns)
    sizes = round(held_out / SHARE_HELD_OUT) - held_out, held_out
    return [(_arm(each, rng, sizes[0]), _arm(each, rng, sizes[1])) for _ in range(count)]


def _arm(each: np.ndarray, rng: np.random.Generator, n: int) -> Arm:
    """How often each member was drawn, times what that member adds to the sums."""
    drawn = np.bincount(rng.integers(len(each), size=n), minlength=len(each))
    return Arm(n, dict(zip(PRODUCTS, (drawn @ each).tolist(), strict=True)))
