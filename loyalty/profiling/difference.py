"""What changed between two versions of a rule, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from loyalty.profiling.conditions import All, AnyOf, Condition, InSegment, Not, Rule
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.phrasing import in_words
from loyalty.profiling.table import Feature

COMBINED = {All: "all of these", AnyOf: "any of these", Not: "none of these"}
Group = All | AnyOf | Not


@dataclass(frozen=True)
class Difference:
    """One thing that is different: what there was, what there is, and within which group, in words."""

    verb: Literal["added", "removed", "changed"]
    was: str
    now: str
    within: str = ""


def differences(old: Rule, new: Rule, features: Mapping[str, Feature]) -> tuple[Difference, ...]:
    """What was added, removed and changed, condition by condition.

    Conditions about the same feature, goods, event or segment, and groups, are the same thing changed; order means
    nothing.
    """
    return tuple(_compared(_group(old), _group(new), features, within=""))


def _compared(old: Group, new: Group, features: Mapping[str, Feature], *, within: str) -> Iterator[Difference]:
    if type(old) is not type(new):
        yield Difference("changed", COMBINED[type(old)], COMBINED[type(new)], within)
    gone, come = _unmatched(_parts(old), _parts(new)), _unmatched(_parts(new), _parts(old))
    for part in list(gone):
        if twin := next((each for each in come if _subject(each) == _subject(part)), None):
            gone.remove(part)
            come.remove(twin)
            yield from _changed(part, twin, features, within=within)
    yield from (Difference("removed", in_words(part, features), "", within) for part in gone)
    yield from (Difference("added", "", in_words(part, features), within) for part in come)


def _changed(old: Rule, new: Rule, features: Mapping[str, Feature], *, within: str) -> Iterator[Difference]:
    if isinstance(old, Group) and isinstance(new, Group):
        yield from _compared(old, new, features, within=in_words(new, features))
    elif not isinstance(old, InSegment):
        yield Difference("changed", in_words(old, features), in_words(new, features), within)


def _unmatched(parts: Sequence[Rule], others: Sequence[Rule]) -> list[Rule]:
    """The parts that the others have no equal of; of two equal parts each needs one of its own."""
    left, found = list(others), []
    for part in parts:
        if part in left:
            left.remove(part)
        else:
            found.append(part)
    return found


def _group(rule: Rule) -> Group:
    return rule if isinstance(rule, Group) else All((rule,))


def _parts(group: Group) -> tuple[Rule, ...]:
    """The parts of a group; none of these is a `not` of any."""
    if isinstance(group, Not):
        return group.part.parts if isinstance(group.part, AnyOf) else (group.part,)
    return group.parts


def _subject(part: Rule) -> object:
    """What a part is about: two with the same subject are one that was changed."""
    if isinstance(part, InSegment):
        return part.segment
    if isinstance(part, Condition):
        return kind_of(part).subject(part)
    return Group
