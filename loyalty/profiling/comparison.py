"""The kind of condition that compares one feature: `{"feature": name, "is": op, "value": v}`."""

from collections.abc import Mapping

from loyalty.profiling.conditions import Comparison, RuleError, allowed_ops
from loyalty.profiling.operands import Nameable, number_of, refuse_value, shown, truth_of, words_of
from loyalty.profiling.passing import test
from loyalty.profiling.table import Feature, Profiles
from loyalty.profiling.wording import condition, exact, near


def parse(data: Mapping[str, object], known: Nameable) -> Comparison:
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


def holds(rule: Comparison, profiles: Profiles, position: int) -> bool:
    return bool(test(rule, profiles)(slice(position, position + 1))[0])


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
