"""The kind of condition that compares one feature: `{"feature": name, "is": op, "value": v}`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import groupby

import numpy as np

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import Comparison, RuleError, allowed_ops
from loyalty.profiling.operands import Known, number_of, refuse_value, shown, truth_of, words_of
from loyalty.profiling.scanning import Test, scan
from loyalty.profiling.table import Feature, Profiles
from loyalty.profiling.wording import condition, exact, near

# Each value, or run of words with neighbouring codes, is a comparison; past so many of them a table is faster.
MOST_RUNS = 12


def parse(data: Mapping[str, object], known: Known) -> Comparison:
    """The comparison in a piece of JSON; RuleError with a sentence that says what is allowed."""
    feature, op, value = known.feature(data["feature"]), data.get("is"), data.get("value")
    if not isinstance(op, str) or op not in allowed_ops(feature):
        allowed = ", ".join(allowed_ops(feature))
        raise RuleError(f"“{feature.label}” cannot be compared by {shown(op)}: use one of {allowed}.")
    if op in ("known", "unknown"):
        refuse_value(feature, op, value)
        return Comparison(feature.name, op)
    if feature.kind == "flag":
        return Comparison(feature.name, op, truth_of(feature, value))
    if feature.kind == "category":
        return Comparison(feature.name, op, words_of(feature, op, value, known.vocabularies.get(feature.name, ())))
    return Comparison(feature.name, op, number_of(feature, op, value))


def find(rules: Sequence[Comparison], profiles: Profiles) -> list[Bitset]:
    """The members who pass each comparison, by reading the columns once; RuleError as in `test`."""
    return scan([test(rule, profiles) for rule in rules], len(profiles))


def holds(rule: Comparison, profiles: Profiles, position: int) -> bool:
    return bool(test(rule, profiles)(slice(position, position + 1))[0])


def test(rule: Comparison, profiles: Profiles) -> Test:
    """Who of a slice of the members passes; a value that is unknown passes only `unknown`.

    RuleError where the comparison uses a feature or a word these profiles do not have.
    """
    if rule.feature not in profiles.columns:
        raise RuleError(f"The profiles of {profiles.as_of} have no feature “{rule.feature}”: choose another one.")
    column, kind = profiles.column(rule.feature), profiles.features[rule.feature].kind
    if rule.op in ("known", "unknown"):
        return _known(column, coded=kind in ("category", "flag"), known=rule.op == "known")
    operands = rule.operand if isinstance(rule.operand, tuple) else (rule.operand,)
    if kind == "category":
        vocabulary = profiles.vocabularies[rule.feature]
        return _has_code(column, _codes(operands, rule.feature, profiles), size=len(vocabulary))
    passes = TESTS[rule.op]
    return lambda rows: passes(column[rows], *operands)


def sentence(rule: Comparison, profiles: Profiles, position: int, *, holds: bool) -> str:
    """Why a member passes or not, with the value that decided."""
    feature, value = profiles.features[rule.feature], profiles.value(rule.feature, position)
    if rule.op in ("known", "unknown"):
        return f"{feature.label} is {'unknown' if value is None else f'known: {exact(feature, value)}'}."
    wanted = condition(feature, rule.op, rule.operand)
    if value is None:
        return f"{feature.label} is unknown, and an unknown value never meets “{wanted}”."
    told = f"{feature.label} is {near(feature, value, rule.operand)}"
    if rule.op == "equals" or (isinstance(rule.operand, tuple) and len(rule.operand) == 1):
        return f"{told}." if holds else f"{told}, not “{wanted.removeprefix('is ')}”."
    return f"{told}, which {wanted if holds else wanted.replace('is ', 'is not ', 1)}."


def words(rule: Comparison, features: Mapping[str, Feature]) -> str:
    """The comparison as a phrase, such as “Tier is Gold”."""
    feature = features[rule.feature]
    return f"{feature.label} {condition(feature, rule.op, rule.operand)}"


def features_of(rule: Comparison) -> tuple[str, ...]:
    return (rule.feature,)


def _known(column: np.ndarray, *, coded: bool, known: bool) -> Test:
    if coded:
        return (lambda rows: column[rows] >= 0) if known else (lambda rows: column[rows] < 0)
    return (lambda rows: ~np.isnan(column[rows])) if known else (lambda rows: np.isnan(column[rows]))


def _codes(wanted: Iterable[object], name: str, profiles: Profiles) -> list[int]:
    """The codes of the wanted words, ascending."""
    codes = {word: code for code, word in enumerate(profiles.vocabularies[name])}
    for word in wanted:
        if word not in codes:
            label = profiles.features[name].label
            raise RuleError(f"No member's “{label}” can be “{word}” any more: choose another value.")
    return sorted(codes[str(word)] for word in set(wanted))


def _has_code(column: np.ndarray, codes: list[int], *, size: int) -> Test:
    runs = _runs(codes)
    if len(runs) <= MOST_RUNS:
        return lambda rows: reduce(np.logical_or, [_in_run(column[rows], *run) for run in runs])
    chosen = np.zeros(size + 1, dtype=bool)
    chosen[codes] = True
    return lambda rows: chosen.take(column[rows], mode="wrap")  # the code of an unknown word, -1, reads the last entry


def _runs(codes: list[int]) -> list[tuple[int, int]]:
    """The codes as runs of neighbours, each its first and last: 1, 2, 3, 7 are 1 to 3 and 7 to 7."""
    groups = groupby(enumerate(codes), key=lambda placed: placed[1] - placed[0])
    found = [[code for _, code in group] for _, group in groups]
    return [(run[0], run[-1]) for run in found]


def _in_run(codes: np.ndarray, first: int, last: int) -> np.ndarray:
    """Codes from first to last: taken as unsigned, all others, -1 too, are further than that from the first."""
    if first == last:
        return np.asarray(codes == first)
    unsigned = codes.view(f"u{codes.itemsize}")
    return np.asarray(unsigned - unsigned.dtype.type(first) <= unsigned.dtype.type(last - first))


def _is_one_of(column: np.ndarray, *values: float) -> np.ndarray:
    if len(values) > MOST_RUNS:
        return np.isin(column, np.array(values, dtype=column.dtype))
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
