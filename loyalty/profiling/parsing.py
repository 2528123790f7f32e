"""From the JSON of a segment rule to its tree, checked against the features and the words it may use."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from loyalty.profiling.conditions import All, AnyOf, Comparison, Not, Operand, Rule, RuleError, allowed_ops
from loyalty.profiling.table import Feature

MAX_DEPTH = 20
MAX_RULES = 500
LARGEST_NUMBER = 1e12
SHOWN_WORDS = 8
SHOWN_CHARACTERS = 40

Vocabularies = Mapping[str, tuple[str, ...]]


def parse(data: object, features: Mapping[str, Feature], vocabularies: Vocabularies) -> Rule:
    """The rule in parsed JSON; RuleError with a sentence that names the feature and says what is allowed.

    A number compared with a float32 column becomes the shortest decimal of its float32, as the members' values are
    read: so the words of an explanation compare as the arrays did.
    """
    _refuse_excess(data)
    return _Reader(features, vocabularies).rule(data)


def _refuse_excess(data: object) -> None:
    waiting, seen = [(data, 1)], 0
    while waiting:
        rule, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_RULES:
            raise RuleError(f"A rule may hold {MAX_RULES} conditions and groups, {MAX_DEPTH} deep: make it smaller.")
        waiting += [(part, depth + 1) for part in _raw_parts(rule)]


def _raw_parts(rule: object) -> list[object]:
    if not isinstance(rule, dict):
        return []
    groups = [rule[key] for key in ("all", "any") if isinstance(rule.get(key), list)]
    return [part for group in groups for part in group] + ([rule["not"]] if "not" in rule else [])


@dataclass(frozen=True)
class _Reader:
    """Reads rules over these features and words."""

    features: Mapping[str, Feature]
    vocabularies: Vocabularies

    def rule(self, data: object) -> Rule:
        match data:
            case {"all": list(parts), **rest} if not rest:
                return All(tuple(self.rule(part) for part in parts))
            case {"any": list(parts), **rest} if not rest:
                return AnyOf(tuple(self.rule(part) for part in parts))
            case {"not": part, **rest} if not rest:
                return Not(self.rule(part))
            case {"feature": name, "is": op, **rest} if not set(rest) - {"value"}:
                feature = self.feature(name)
                return Comparison(feature.name, *self.comparison(feature, op, rest.get("value")))
        raise RuleError(
            "A rule is a list of rules under “all” or “any”, one rule under “not”, or a “feature” with “is” and "
            f"“value”; {_shown(data)} is none of these."
        )

    def feature(self, name: object) -> Feature:
        if isinstance(name, str) and name in self.features:
            return self.features[name]
        near = get_close_matches(str(name)[:SHOWN_CHARACTERS], self.features, n=1)
        raise RuleError(f"There is no feature {_shown(name)}{f': did you mean “{near[0]}”?' if near else '.'}")

    def comparison(self, feature: Feature, op: object, value: object) -> tuple[str, Operand]:
        if not isinstance(op, str) or op not in allowed_ops(feature):
            allowed = ", ".join(allowed_ops(feature))
            raise RuleError(f"“{feature.label}” cannot be compared by {_shown(op)}: use one of {allowed}.")
        if op in ("known", "unknown"):
            _refuse_value(feature, op, value)
            return op, None
        if feature.kind == "flag":
            return op, _truth(feature, value)
        if feature.kind == "category":
            return op, self.words(feature, value) if op == "in" else self.word(feature, value)
        if op == "in":
            return op, tuple(_number(feature, item) for item in _items(feature, value))
        return op, _bounds(feature, value) if op == "between" else _number(feature, value)

    def words(self, feature: Feature, value: object) -> tuple[str, ...]:
        return tuple(self.word(feature, item) for item in _items(feature, value))

    def word(self, feature: Feature, value: object) -> str:
        words = self.vocabularies.get(feature.name, ())
        if isinstance(value, str) and value in words:
            return value
        known = ", ".join(words[:SHOWN_WORDS]) + (" and others" if len(words) > SHOWN_WORDS else "")
        allowed = f"use one of {known}" if words else "no value of it is known yet"
        raise RuleError(f"“{feature.label}” is never {_shown(value)}: {allowed}.")


def _refuse_value(feature: Feature, op: str, value: object) -> None:
    if value is not None:
        raise RuleError(f"“{feature.label} is {op}” takes no value: leave {_shown(value)} out.")


def _truth(feature: Feature, value: object) -> bool:
    if not isinstance(value, bool):
        raise RuleError(f"“{feature.label}” is true or false, not {_shown(value)}.")
    return value


def _items(feature: Feature, value: object) -> list[object]:
    if isinstance(value, list) and 0 < len(value) <= MAX_RULES:
        return value
    raise RuleError(f"“{feature.label} is one of” needs a list of 1 to {MAX_RULES} values, not {_shown(value)}.")


def _bounds(feature: Feature, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise RuleError(f"“{feature.label} is between” needs two numbers, the lower first, not {_shown(value)}.")
    low, high = (_number(feature, bound) for bound in value)
    if low > high:
        raise RuleError(f"“{feature.label} is between” needs the lower number first: {_shown(value)} is empty.")
    return low, high


def _number(feature: Feature, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise RuleError(f"“{feature.label}” needs a number, such as {_example(feature)}, not {_shown(value)}.")
    if feature.kind == "share" and not 0 <= value <= 1:
        raise RuleError(f"“{feature.label}” is a share from 0 to 1: write 0.25 for 25 %, not {_shown(value)}.")
    return float(value) if feature.kind == "money" else float(str(np.float32(value)))


def _example(feature: Feature) -> str:
    return {"score": "4", "share": "0.25", "ratio": "1.5"}.get(feature.kind, "30")


def _shown(value: object) -> str:
    text = "nothing" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
