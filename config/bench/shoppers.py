"""Members as shoppers: how often they come, what they spend, at which price, and what they look at, drawn together."""

import datetime as dt

import numpy as np

from loyalty.profiling import dictionary, families, lifecycle
from loyalty.profiling.table import Profiles

AS_OF = dt.date(2026, 3, 1)
DEPARTMENTS = ("Bakery", "Coffee", "Dairy", "Drinks", "Fruit", "Home", "Meat", "Pets")
SHARE_NEVER_BOUGHT = 0.04

Columns = dict[str, np.ndarray]


def profiles(members: int, rng: np.random.Generator) -> Profiles:
    """So many shoppers, of whom a few have bought nothing yet; the same for the same state of `rng`."""
    pace = rng.gamma(1.5, 1.0, members) * 6  # visits in 90 days
    basket = np.exp(rng.normal(3.4, 0.5, members))
    columns = _purchases(pace, basket, rng) | _prices(rng, members) | _attention(rng, members)
    never = rng.random(members) < SHARE_NEVER_BOUGHT
    for name, column in columns.items():
        if name.startswith(("baskets", "spend_3", "spend_9")):
            column[never] = 0
        elif not name.startswith(("opens", "clicks", "views", "engaged", "tenure")):
            column[never] = np.nan
    columns["lifecycle"] = _stages(columns, never)
    typed = {name: column.astype(_type(name)) for name, column in columns.items()}
    features = {name: dictionary.FIXED.get(name) or families.affinity(name.partition(":")[2]) for name in typed}
    return Profiles(AS_OF, np.arange(1, members + 1), typed, {"lifecycle": lifecycle.STAGES}, features)


def _purchases(pace: np.ndarray, basket: np.ndarray, rng: np.random.Generator) -> Columns:
    baskets = {30: rng.poisson(pace / 3).astype(np.float64)}
    baskets[90] = baskets[30] + rng.poisson(pace * 2 / 3)
    baskets[365] = baskets[90] + rng.poisson(pace * 275 / 90)
    spent = {days: count * basket * np.exp(rng.normal(0, 0.15, len(pace))) for days, count in baskets.items()}
    trend = (baskets[90] + 0.5) / (rng.poisson(pace) + 0.5)
    return {
        "recency_days": np.where(
            baskets[30] > 0, 30 / (baskets[30] + 1), np.floor(30 + rng.exponential(60, len(pace)))
        ),
        **{f"baskets_{days}": count for days, count in baskets.items()},
        **{f"spend_{days}": amount for days, amount in spent.items()},
        "interval_days": np.where(baskets[365] > 1, 365 / np.maximum(baskets[365], 1), np.nan),
        "average_basket": basket * np.exp(rng.normal(0, 0.1, len(pace))),
        "lines_per_basket": 1 + basket / 6,
        "spend_trend": trend,
        "tenure_days": np.floor(rng.exponential(700, len(pace))),
    }


def _prices(rng: np.random.Generator, members: int) -> Columns:
    share = rng.beta(1.3, 5.0, members)
    tastes = rng.gamma(0.7, 1.0, (members, len(DEPARTMENTS)))
    tastes /= np.maximum(tastes.sum(axis=1, keepdims=True), 1e-9)
    return {
        "discount_share": share,
        "discount_sensitivity": share / share.mean() * np.exp(rng.normal(0, 0.3, members)),
        **{f"affinity:{name}": tastes[:, at] / tastes[:, at].mean() for at, name in enumerate(DEPARTMENTS)},
    }


def _attention(rng: np.random.Generator, members: int) -> Columns:
    attention = rng.gamma(0.8, 5.0, members)
    opened = rng.poisson(attention).astype(np.float64)
    return {
        "opens_90": opened,
        "clicks_90": rng.binomial(opened.astype(np.int64), 0.2).astype(np.float64),
        "views_90": rng.poisson(attention * 0.7).astype(np.float64),
        "engaged_days": np.where(opened > 0, np.floor(rng.exponential(40, members)), np.nan),
    }


def _stages(columns: Columns, never: np.ndarray) -> np.ndarray:
    late = columns["recency_days"] > 2 * np.maximum(np.nan_to_num(columns["interval_days"], nan=30.0), 14)
    new = columns["tenure_days"] < lifecycle.NEW_DAYS
    at = [lifecycle.NEVER_BOUGHT, lifecycle.NEW, lifecycle.LAPSING]
    return np.select([never, new, late], at, lifecycle.ESTABLISHED)


def _type(name: str) -> np.dtype:
    if name == "lifecycle":
        return np.dtype(np.int8)
    return np.dtype(np.float64 if dictionary.FIXED.get(name, None) and dictionary.FIXED[name].kind == "money" else "f4")
