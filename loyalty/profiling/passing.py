"""Who passes a comparison, by the way in which the column of its feature is kept."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from loyalty.profiling import runs
from loyalty.profiling.conditions import Comparison, RuleError
from loyalty.profiling.runs import Run
from loyalty.profiling.scanning import Mark, Test, packed
from loyalty.profiling.steps import Steps
from loyalty.profiling.table import Profiles


def test(rule: Comparison, profiles: Profiles) -> Test:
    """Who of a slice of the members passes; a value that is unknown passes only `unknown`.

    RuleError where the comparison uses a feature or a word these profiles do not have.
    """
    column, wanted = _looked_up(rule, profiles)
    return _by_floats(rule, column) if wanted is None else runs.test(column, wanted)


def marks(rule: Comparison, profiles: Profiles) -> Mark:
    """As `test`, but in bits, for reading whole columns."""
    column, wanted = _looked_up(rule, profiles)
    return packed(_by_floats(rule, column)) if wanted is None else runs.marks(column, wanted)


def _looked_up(rule: Comparison, profiles: Profiles) -> tuple[np.ndarray, list[Run] | None]:
    """The column in which to look, and the runs of its whole numbers that pass; None where it is of floats."""
    if rule.feature not in profiles.columns:
        raise RuleError(f"The profiles of {profiles.as_of} have no feature “{rule.feature}”: choose another one.")
    column, kind = profiles.columns[rule.feature], profiles.features[rule.feature].kind
    if isinstance(column, Steps):
        return column.counts, runs.joined(_counts(rule, column))
    if kind in ("category", "flag"):
        return column, runs.joined(_codes(rule, profiles, most=int(np.iinfo(column.dtype).max)))
    return column, None


def _by_floats(rule: Comparison, column: np.ndarray) -> Test:
    passes, operands = TESTS[rule.op], _operands(rule)
    return lambda rows: passes(column[rows], *operands)


def _operands(rule: Comparison) -> tuple[Any, ...]:
    if rule.operand is None:
        return ()
    return rule.operand if isinstance(rule.operand, tuple) else (rule.operand,)


def _counts(rule: Comparison, column: Steps) -> list[Run]:
    """The counts of steps that pass; the least of the type is nobody's number, and unknown."""
    match rule.op, _operands(rule):
        case "at_least", (low,):
            return [column.between(low, np.inf)]
        case "at_most", (high,):
            return [column.between(-np.inf, high)]
        case "between", (low, high):
            return [column.between(low, high)]
        case "known", _:
            return [column.between(-np.inf, np.inf)]
        case "unknown", _:
            return [(column.unknown_count, column.unknown_count)]
    return [column.between(value, value) for value in _operands(rule)]


def _codes(rule: Comparison, profiles: Profiles, *, most: int) -> list[Run]:
    """The codes that pass, of those from -1, which is unknown, to the most that the column's type holds."""
    if rule.op in ("known", "unknown"):
        return [(0, most)] if rule.op == "known" else [(-1, -1)]
    if profiles.features[rule.feature].kind == "flag":
        return [(int(value), int(value)) for value in _operands(rule)]
    words = profiles.vocabularies[rule.feature]
    for word in _operands(rule):
        if word not in words:
            label = profiles.features[rule.feature].label
            raise RuleError(f"No member's “{label}” can be “{word}” any more: choose another value.")
    return [(code, code) for code in map(words.index, _operands(rule))]


def _is_one_of(column: np.ndarray, *values: float) -> np.ndarray:
    return np.isin(column, np.array(values, dtype=column.dtype))


def _is_between(column: np.ndarray, low: float, high: float) -> np.ndarray:
    return (column >= low) & (column <= high)


def _is_known(column: np.ndarray) -> np.ndarray:
    return np.asarray(~np.isnan(column))


# Of numbers that are kept as floats.
TESTS: Mapping[str, Callable[..., np.ndarray]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "between": _is_between,
    "equals": np.equal,
    "in": _is_one_of,
    "known": _is_known,
    "unknown": np.isnan,
}
