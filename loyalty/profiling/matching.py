"""Which members a segment rule matches, and how many each of its parts matches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from loyalty.profiling.conditions import All, AnyOf, Comparison, Rule, RuleError, branches
from loyalty.profiling.table import Profiles


@dataclass(frozen=True)
class Count:
    """How many members the part of a rule at a path matches; the path of the whole rule is empty."""

    path: str
    matching: int


def matching(rule: Rule, profiles: Profiles) -> np.ndarray:
    """The members a rule matches, (n,) bool.

    A value that is unknown meets no condition but `unknown`; `not` turns that round, so `not` of a condition on an
    unknown value matches. RuleError where the rule uses a feature or a word these profiles do not have.
    """
    mask, _ = _evaluate(rule, profiles, path="")
    return mask


def counts(rule: Rule, profiles: Profiles) -> tuple[Count, ...]:
    """How many members each part of a rule matches, in the order in which the rule is written, the whole first."""
    _, counted = _evaluate(rule, profiles, path="")
    return tuple(counted)


def _evaluate(rule: Rule, profiles: Profiles, *, path: str) -> tuple[np.ndarray, list[Count]]:
    """The rule's mask and the counts of it and of its parts, each computed once."""
    masks, counted = [], []
    for step, part in branches(rule):
        mask, inside = _evaluate(part, profiles, path=f"{path}.{step}".removeprefix("."))
        masks.append(mask)
        counted += inside
    mask = _compare(rule, profiles) if isinstance(rule, Comparison) else _combine(rule, masks, len(profiles))
    return mask, [Count(path, int(np.count_nonzero(mask))), *counted]


def _combine(rule: Rule, masks: list[np.ndarray], members: int) -> np.ndarray:
    match rule:
        case All():
            return reduce(np.logical_and, masks, np.ones(members, dtype=bool))
        case AnyOf():
            return reduce(np.logical_or, masks, np.zeros(members, dtype=bool))
        case _:
            return ~masks[0]


def _compare(rule: Comparison, profiles: Profiles) -> np.ndarray:
    if rule.feature not in profiles.columns:
        raise RuleError(f"The profiles of {profiles.as_of} have no feature “{rule.feature}”: choose another one.")
    column, coded = profiles.column(rule.feature), profiles.features[rule.feature].kind in ("category", "flag")
    if rule.op in ("known", "unknown"):
        unknown = column < 0 if coded else np.isnan(column)
        return unknown if rule.op == "unknown" else ~unknown
    operands = rule.operand if isinstance(rule.operand, tuple) else (rule.operand,)
    if profiles.features[rule.feature].kind == "category":
        return _has_word(column, operands, rule.feature, profiles)
    return TESTS[rule.op](column, *operands)


def _has_word(codes: np.ndarray, wanted: Iterable[object], name: str, profiles: Profiles) -> np.ndarray:
    words = profiles.vocabularies[name]
    chosen = np.zeros(len(words) + 1, dtype=bool)
    for word in wanted:
        if word not in words:
            label = profiles.features[name].label
            raise RuleError(f"No member's “{label}” can be “{word}” any more: choose another value.")
        chosen[words.index(str(word))] = True
    return np.asarray(chosen[codes])  # the code of an unknown word, -1, reads the last entry


def _is_one_of(column: np.ndarray, *values: float) -> np.ndarray:
    return reduce(np.logical_or, [column == value for value in values])


def _is_between(column: np.ndarray, low: float, high: float) -> np.ndarray:
    return (column >= low) & (column <= high)


TESTS: Mapping[str, Callable[..., np.ndarray]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "between": _is_between,
    "equals": _is_one_of,
    "in": _is_one_of,
}
