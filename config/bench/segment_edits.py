"""Random edits of a segment as the builder's page would send them, and what each must count."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from loyalty.profiling.table import Profiles

NUMBERS = (
    "recency_days",
    "spend_365",
    "baskets_365",
    "average_basket",
    "tenure_days",
    "interval_days",
    "frequency_score",
)
WORDS = ("lifecycle", "rfm_cell", "top_category", "channel_preference", "tier", "home_store")
MOST_CONDITIONS = 8
Fields = dict[str, str | list[str]]


@dataclass(frozen=True)
class Asked:
    """One condition of the page: a bound of a number, or some of the words of a category."""

    feature: str
    op: str
    values: tuple[str, ...]

    def mask(self, members: Profiles) -> np.ndarray:
        column = members.column(self.feature)
        if self.op == "in":
            words = members.vocabularies[self.feature]
            return np.isin(column, [words.index(word) for word in self.values])
        bound = float(self.values[0])
        return np.asarray(column >= bound if self.op == "at_least" else column <= bound)


@dataclass(frozen=True)
class Edit:
    """What is sent after a change: the fields, and whether only the counts are asked for."""

    fields: Fields
    only_counts: bool
    match: str
    conditions: tuple[Asked, ...] = field(repr=False, default=())

    def matching(self, members: Profiles) -> int:
        """How many members the page must say, by whole columns."""
        masks = [condition.mask(members) for condition in self.conditions]
        met = np.all(masks, axis=0) if self.match == "all" else np.any(masks, axis=0)
        return int(np.sum(~met if self.match == "none" else met))


def edits(members: Profiles, count: int, *, seed: int = 1) -> Iterator[Edit]:
    """As somebody works on one segment: mostly numbers and words change, now and then a condition comes or goes."""
    rng = np.random.default_rng(seed)
    conditions, match = [_fresh(members, rng) for _ in range(4)], "all"
    for _ in range(count):
        what = rng.choice(["value", "add", "remove", "match"], p=[0.8, 0.08, 0.07, 0.05])
        if what == "match":
            match = str(rng.choice(["all", "any", "none"]))
        elif what == "add" and len(conditions) < MOST_CONDITIONS:
            conditions.append(_fresh(members, rng))
        elif what == "remove" and len(conditions) > 1:
            conditions.pop(int(rng.integers(len(conditions))))
        else:
            at = int(rng.integers(len(conditions)))
            conditions[at] = _changed(conditions[at], members, rng)
        yield Edit(_fields(conditions, match), what == "value", match, tuple(conditions))


def _fresh(members: Profiles, rng: np.random.Generator) -> Asked:
    if rng.random() < 0.5:
        return _changed(Asked(str(rng.choice(WORDS)), "in", ()), members, rng)
    return _changed(Asked(str(rng.choice(NUMBERS)), str(rng.choice(["at_least", "at_most"])), ()), members, rng)


def _changed(condition: Asked, members: Profiles, rng: np.random.Generator) -> Asked:
    if condition.op == "in":
        words = members.vocabularies[condition.feature]
        chosen = rng.choice(len(words), size=int(rng.integers(1, min(len(words), 6))), replace=False)
        return replace(condition, values=tuple(words[code] for code in sorted(chosen)))
    at = int(rng.integers(len(members)))
    (some,) = members.column(condition.feature, slice(at, at + 1))
    return replace(condition, values=("30" if np.isnan(some) else f"{some:.0f}",))


def _fields(conditions: list[Asked], match: str) -> Fields:
    fields: Fields = {"0:match": match, "name": "Measured"}
    for number, condition in enumerate(conditions):
        path = f"0.{number}"
        fields[f"{path}:was"] = fields[f"{path}:feature"] = condition.feature
        fields |= {f"{path}:is": condition.op, f"{path}:value": list(condition.values)}
    return fields
