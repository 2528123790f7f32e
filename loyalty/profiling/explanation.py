"""Why one member is in a segment or out of it, down to the value that decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loyalty.profiling.conditions import All, Comparison, Not, Rule, branches
from loyalty.profiling.matching import matching
from loyalty.profiling.table import Profiles
from loyalty.profiling.wording import condition, exact, near

MOST_REASONS = 3


@dataclass(frozen=True)
class Explanation:
    """Whether a rule holds for a member, a sentence that says why, and the same for each of its parts."""

    holds: bool
    sentence: str
    parts: tuple["Explanation", ...] = ()


def explain(rule: Rule, profiles: Profiles, position: int) -> Explanation:
    """Why the rule holds, or does not, for the member in one row of the profiles.

    The verdict is that of `matching`. A value that is unknown meets no condition but `unknown`, so `not` of a
    condition on it holds, and the sentence says so.
    """
    return _explain(rule, profiles.take(np.array([position])))


def _explain(rule: Rule, member: Profiles) -> Explanation:
    holds = bool(matching(rule, member)[0])
    if isinstance(rule, Comparison):
        return Explanation(holds, _comparison_sentence(rule, member, holds=holds))
    parts = tuple(_explain(part, member) for _, part in branches(rule))
    return Explanation(holds, _group_sentence(rule, parts, holds=holds), parts)


def _comparison_sentence(rule: Comparison, member: Profiles, *, holds: bool) -> str:
    feature, value = member.features[rule.feature], member.value(rule.feature, 0)
    if rule.op in ("known", "unknown"):
        return f"{feature.label} is {'unknown' if value is None else f'known: {exact(feature, value)}'}."
    wanted = condition(feature, rule.op, rule.operand)
    if value is None:
        return f"{feature.label} is unknown, and an unknown value never meets “{wanted}”."
    told = f"{feature.label} is {near(feature, value, rule.operand)}"
    if rule.op == "equals" or (isinstance(rule.operand, tuple) and len(rule.operand) == 1):
        return f"{told}." if holds else f"{told}, not “{wanted.removeprefix('is ')}”."
    return f"{told}, which {wanted if holds else wanted.replace('is ', 'is not ', 1)}."


def _group_sentence(rule: Rule, parts: Sequence[Explanation], *, holds: bool) -> str:
    if not parts:
        return (
            "There is no condition, so everybody is in." if holds else "There is no condition that anybody could meet."
        )
    if isinstance(rule, Not):
        return f"A condition that must not hold {'does not hold' if holds else 'holds'}: {_reasons(parts)}."
    if len(parts) == 1:
        return parts[0].sentence
    deciding = [part for part in parts if part.holds == holds]
    return f"{_verdict(rule, len(deciding), len(parts), holds=holds)}: {_reasons(deciding)}."


def _verdict(rule: Rule, deciding: int, total: int, *, holds: bool) -> str:
    s = "s" if deciding == 1 else ""
    match rule, holds:
        case All(), True:
            return f"All {total} conditions hold"
        case All(), False:
            return f"{deciding} of {total} conditions, all of which are needed, fail{s}"
        case _, True:
            return f"{deciding} of {total} conditions, one of which is enough, hold{s}"
    return f"None of {total} conditions, one of which is needed, holds"


def _reasons(parts: Sequence[Explanation]) -> str:
    shown = [_inner(part) for part in parts[:MOST_REASONS]]
    more = [f"and {len(parts) - MOST_REASONS} more"] if len(parts) > MOST_REASONS else []
    return "; ".join(shown + more)


def _inner(part: Explanation) -> str:
    sentence = part.sentence.removesuffix(".")
    return f"({sentence})" if part.parts else sentence
