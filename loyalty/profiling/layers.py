"""Dimensions laid over one another: how many members have each combination of their words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from loyalty.profiling.table import Feature, Profiles

MOST_WORDS = 40
SCORES = (1.0, 2.0, 3.0, 4.0, 5.0)
DRAWN = 1.5  # times the average member's share of spend: from here on somebody is a shopper of a department
AFFINITY = "affinity:"
UNKNOWN = "not known"

Cell = tuple[int, ...]
Rule = dict[str, Any]


@dataclass(frozen=True)
class Dimension:
    """A feature cut into words, each with the condition that says it; every member has exactly one of them."""

    name: str
    label: str
    words: tuple[str, ...]
    conditions: tuple[Rule, ...]


@dataclass(frozen=True, eq=False)
class Layers:
    """Two or three dimensions, and how many members each combination of their words has: one axis per dimension."""

    dimensions: tuple[Dimension, ...]
    counts: np.ndarray

    def cells(self) -> Iterator[Cell]:
        """Every combination, the last dimension running fastest."""
        return np.ndindex(*self.counts.shape)


def dimensions(profiles: Profiles) -> dict[str, Dimension]:
    """What can be laid over one another: scores, categories of at most `MOST_WORDS` words, shoppers of departments."""
    found = (_dimension(feature, profiles) for feature in profiles.features.values())
    return {each.name: each for each in found if each}


def cross(profiles: Profiles, chosen: Sequence[Dimension]) -> Layers:
    """The members of each combination; the word for what is not known is left out where everything is known."""
    shape = tuple(len(each.words) for each in chosen)
    flat = np.zeros(len(profiles), dtype=np.int32)
    for each, size in zip(chosen, shape, strict=True):
        flat = flat * size + _codes(each, profiles)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    return _without_empty_unknown(Layers(tuple(chosen), counts))


def rule(chosen: Sequence[Dimension], cells: Iterable[Cell]) -> Rule:
    """The segment rule of the members in any of these cells; cells that differ in the last word only become one part.

    IndexError for a cell that the dimensions do not have.
    """
    *outer, last = chosen
    lasts: dict[Cell, list[int]] = defaultdict(list)
    for *words, word in sorted(set(cells)):
        lasts[tuple(words)].append(word)
    parts = [
        {"all": [*(each.conditions[word] for each, word in zip(outer, words, strict=True)), _any_of(last, found)]}
        for words, found in lasts.items()
    ]
    return parts[0] if len(parts) == 1 else {"any": parts}


def _dimension(feature: Feature, profiles: Profiles) -> Dimension | None:
    unknown = {"feature": feature.name, "is": "unknown"}
    if feature.name.startswith(AFFINITY):
        drawn = {"feature": feature.name, "is": "at_least", "value": DRAWN}
        shopper = f"{feature.name.removeprefix(AFFINITY)} shopper"
        return Dimension(feature.name, shopper, ("Yes", "No"), (drawn, {"not": drawn}))
    if feature.kind == "score":
        values: tuple[float | str, ...] = SCORES
    elif feature.kind == "category" and len(profiles.vocabularies[feature.name]) <= MOST_WORDS:
        values = profiles.vocabularies[feature.name]
    else:
        return None
    conditions = tuple({"feature": feature.name, "is": "equals", "value": value} for value in values)
    words = tuple(f"{value:g}" if isinstance(value, float) else value for value in values)
    return Dimension(feature.name, feature.label, (*words, UNKNOWN), (*conditions, unknown))


def _codes(dimension: Dimension, profiles: Profiles) -> np.ndarray:
    """The position of each member's word, (n,)."""
    column, unknown = profiles.column(dimension.name), len(dimension.words) - 1
    if dimension.name.startswith(AFFINITY):
        return np.where(column >= DRAWN, 0, 1)
    if profiles.features[dimension.name].kind == "score":
        return np.where(np.isnan(column), unknown + 1, column).astype(np.int8) - 1
    return np.where(column < 0, unknown, column)


def _without_empty_unknown(layers: Layers) -> Layers:
    counts, kept = layers.counts, list(layers.dimensions)
    for axis, each in enumerate(layers.dimensions):
        if each.words[-1] == UNKNOWN and not np.take(counts, -1, axis=axis).any():
            counts = np.delete(counts, -1, axis=axis)
            kept[axis] = replace(each, words=each.words[:-1], conditions=each.conditions[:-1])
    return Layers(tuple(kept), counts)


def _any_of(dimension: Dimension, words: Sequence[int]) -> Rule:
    """One condition for several words of a dimension."""
    conditions = [dimension.conditions[word] for word in words]
    if len(conditions) == 1:
        return conditions[0]
    equal = [condition["value"] for condition in conditions if condition.get("is") == "equals"]
    if len(equal) == len(conditions):
        return {"feature": dimension.name, "is": "in", "value": equal}
    return {"any": conditions}
