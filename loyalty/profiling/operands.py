"""Reading what a condition names and compares with: its feature, words, numbers and truths."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from loyalty.profiling.conditions import Operand, RuleError
from loyalty.profiling.table import Feature

MOST_VALUES = 500
LARGEST_NUMBER = 1e12
SHOWN_WORDS = 8
SHOWN_CHARACTERS = 40

Vocabularies = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Nameable:
    """The features and words that a rule may use."""

    features: Mapping[str, Feature]
    vocabularies: Vocabularies

    def feature(self, name: object) -> Feature:
        """The feature of that name; RuleError names the nearest one."""
        if isinstance(name, str) and name in self.features:
            return self.features[name]
        near = get_close_matches(str(name)[:SHOWN_CHARACTERS], self.features, n=1)
        raise RuleError(f"There is no feature {shown(name)}{f': did you mean “{near[0]}”?' if near else '.'}")


def words_of(feature: Feature, op: str, value: object, words: tuple[str, ...]) -> Operand:
    """The word, or for “in” the words, each of which must be among `words`."""
    if op == "in":
        return tuple(_word(feature, item, words) for item in _items(feature, value))
    return _word(feature, value, words)


def truth_of(feature: Feature, value: object) -> bool:
    if not isinstance(value, bool):
        raise RuleError(f"“{feature.label}” is true or false, not {shown(value)}.")
    return value


def number_of(feature: Feature, op: str, value: object) -> Operand:
    """The number, for “in” the numbers, for “between” the two bounds.

    A number compared with a float32 column becomes the shortest decimal of its float32, as the members' values are
    read: so the words of an explanation compare as the arrays did.
    """
    if op == "in":
        return tuple(_number(feature, item) for item in _items(feature, value))
    return _bounds(feature, value) if op == "between" else _number(feature, value)


def refuse_value(feature: Feature, op: str, value: object) -> None:
    if value is not None:
        raise RuleError(f"“{feature.label} is {op}” takes no value: leave {shown(value)} out.")


def shown(value: object) -> str:
    """What somebody wrote, cut short, in the words of a refusal."""
    text = "nothing" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _word(feature: Feature, value: object, words: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in words:
        return value
    known = ", ".join(words[:SHOWN_WORDS]) + (" and others" if len(words) > SHOWN_WORDS else "")
    allowed = f"use one of {known}" if words else "no value of it is known yet"
    raise RuleError(f"“{feature.label}” is never {shown(value)}: {allowed}.")


def _items(feature: Feature, value: object) -> list[object]:
    if isinstance(value, list) and 0 < len(value) <= MOST_VALUES:
        return value
    raise RuleError(f"“{feature.label} is one of” needs a list of 1 to {MOST_VALUES} values, not {shown(value)}.")


def _bounds(feature: Feature, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise RuleError(f"“{feature.label} is between” needs two numbers, the lower first, not {shown(value)}.")
    low, high = (_number(feature, bound) for bound in value)
    if low > high:
        raise RuleError(f"“{feature.label} is between” needs the lower number first: {shown(value)} is empty.")
    return low, high


def _number(feature: Feature, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise RuleError(f"“{feature.label}” needs a number, such as {_example(feature)}, not {shown(value)}.")
    if feature.kind == "share" and not 0 <= value <= 1:
        raise RuleError(f"“{feature.label}” is a share from 0 to 1: write 0.25 for 25 %, not {shown(value)}.")
    return float(value) if feature.kind == "money" else float(str(np.float32(value)))


def _example(feature: Feature) -> str:
    return {"score": "4", "share": "0.25", "ratio": "1.5"}.get(feature.kind, "30")
