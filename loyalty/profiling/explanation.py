"""Why one member is in a segment or out of it, down to the value that decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.profiling.conditions import All, AnyOf, Condition, InSegment, Not, Rule, branches
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.table import Profiles

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
    if isinstance(rule, Condition):
        kind = kind_of(rule)
        holds = kind.holds(rule, profiles, position)
        return Explanation(holds, kind.sentence(rule, profiles, position, holds=holds))
    parts = tuple(explain(part, profiles, position) for _, part in branches(rule))
    holds = _holds(rule, parts)
    return Explanation(holds, _group_sentence(rule, parts, holds=holds), parts)


def _holds(rule: Rule, parts: Sequence[Explanation]) -> bool:
    match rule:
        case All():
            return all(part.holds for part in parts)
        case AnyOf():
            return any(part.holds for part in parts)
    (only,) = parts
    return only.holds != isinstance(rule, Not)


def _group_sentence(rule: Rule, parts: Sequence[Explanation], *, holds: bool) -> str:
    if not parts:
        return (
            "There is no condition, so everybody is in." if holds else "There is no condition that anybody could meet."
        )
    if isinstance(rule, InSegment):
        return f"{'In' if holds else 'Not in'} the segment “{rule.name}”: {_inner(parts[0])}."
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
