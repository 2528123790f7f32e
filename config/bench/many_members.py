"""Profiles of as many members as wanted, with every feature that does not depend on a retailer, drawn at random."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping

import numpy as np

from loyalty.profiling import dictionary, families
from loyalty.profiling.table import Feature, Profiles, code_type

AS_OF = dt.date(2026, 3, 1)
DEPARTMENTS = (
    "Bakery",
    "Beauty",
    "Coffee",
    "Dairy",
    "Drinks",
    "Frozen",
    "Fruit",
    "Home",
    "Meat",
    "Pets",
    "Pharmacy",
    "Toys",
)
WORDS = {
    "top_category": DEPARTMENTS,
    "tier": ("Blue", "Gold", "Silver"),
    "home_store": tuple(f"Store {number}" for number in range(1, 201)),
}
SHARE_UNKNOWN = 0.03

Draw = Callable[[np.random.Generator, int], np.ndarray]

# Whole numbers and money have the shape of real ones: many small, few large.
NUMBERS: Mapping[str, Draw] = {
    "days": lambda rng, count: np.floor(rng.standard_exponential(count, dtype=np.float32) * 90),
    "count": lambda rng, count: np.floor(rng.standard_exponential(count, dtype=np.float32) * 12),
    "money": lambda rng, count: np.round(np.exp(rng.standard_normal(count) + 5), 2),
    "score": lambda rng, count: rng.integers(1, 6, count).astype(np.float32),
}


def profiles(members: int, *, only: Collection[str] = (), seed: int = 1) -> Profiles:
    """So many members, numbered from 1, the same for the same seed; with all features, or only those named."""
    rng = np.random.default_rng(seed)
    every = {**dictionary.FIXED, **{each.name: each for each in map(families.affinity, DEPARTMENTS)}}
    features = {name: feature for name, feature in every.items() if not only or name in only}
    coded = [feature for feature in features.values() if feature.kind == "category"]
    words = {feature.name: feature.choices or WORDS.get(feature.name, ("yes", "no")) for feature in coded}
    columns = {name: _column(feature, words.get(name, ()), members, rng) for name, feature in features.items()}
    return Profiles(AS_OF, np.arange(1, members + 1, dtype=np.int64), columns, words, features)


def _column(feature: Feature, words: tuple[str, ...], members: int, rng: np.random.Generator) -> np.ndarray:
    if feature.kind == "flag":
        return rng.integers(-1, 2, members).astype(np.int8)
    if feature.kind == "category":
        return _codes(words, members, rng)
    values = NUMBERS.get(feature.kind, _anything)(rng, members)
    values[rng.random(members, dtype=np.float32) < SHARE_UNKNOWN] = np.nan
    return values


def _anything(rng: np.random.Generator, members: int) -> np.ndarray:
    return rng.random(members, dtype=np.float32)


def _codes(words: tuple[str, ...], members: int, rng: np.random.Generator) -> np.ndarray:
    """The first word is the most frequent, the second half as frequent, and so on."""
    weights = 1 / np.arange(1, len(words) + 1)
    ends = np.cumsum(weights / weights.sum() * (1 - SHARE_UNKNOWN))
    codes = np.searchsorted(ends, rng.random(members, dtype=np.float32)).astype(np.int32)
    codes[codes >= len(words)] = -1
    return np.asarray(codes, dtype=code_type(words))
