"""From the JSON of a segment rule to its tree, checked against the features, words and segments it may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from loyalty.profiling.conditions import All, AnyOf, InSegment, Not, Rule, RuleError
from loyalty.profiling.kinds import KINDS
from loyalty.profiling.operands import Nameable, Vocabularies, shown
from loyalty.profiling.table import Feature

MAX_DEPTH = 20
MAX_RULES = 500


@dataclass(frozen=True)
class Saved:
    """Another segment: its name, and its rule in force as JSON."""

    name: str
    rule: object


Find = Callable[[int], Saved | None]
Chain = tuple[tuple[int, str], ...]


def no_segments(_segment: int) -> None:
    """Where no rule may ask for another segment."""


def parse(
    data: object,
    features: Mapping[str, Feature],
    vocabularies: Vocabularies,
    *,
    find: Find = no_segments,
    within: Chain = (),
) -> Rule:
    """The rule in parsed JSON; RuleError with a sentence that names the feature and says what is allowed.

    `find` gives another segment by its number, whose rule is read in the same way. `within` is the chain of segments,
    number and name, that this rule belongs to: none of them may be asked for, since it would then ask for itself.
    """
    return _Reader(Nameable(features, vocabularies), find).rule(data, _Place(within))


@dataclass(frozen=True)
class _Place:
    """Where in the tree a part stands: the segments around it, how deep, and the name of the one that was asked for."""

    within: Chain
    depth: int = 1
    asked: str = ""

    def below(self) -> "_Place":
        return replace(self, depth=self.depth + 1)

    def inside(self, number: int, name: str) -> "_Place":
        return _Place((*self.within, (number, name)), self.depth + 1, name)


@dataclass
class _Reader:
    """Reads one rule, and counts its parts and those of the segments it asks for."""

    known: Nameable
    find: Find
    read: int = 0

    def rule(self, data: object, place: _Place) -> Rule:
        self.read += 1
        if place.depth > MAX_DEPTH or self.read > MAX_RULES:
            raise RuleError(
                f"A rule may hold {MAX_RULES} conditions and groups, {MAX_DEPTH} deep, those of the segments it asks "
                "for included: make it smaller."
            )
        match data:
            case {"all": list(parts), **rest} if not rest:
                return All(tuple(self.rule(part, place.below()) for part in parts))
            case {"any": list(parts), **rest} if not rest:
                return AnyOf(tuple(self.rule(part, place.below()) for part in parts))
            case {"not": part, **rest} if not rest:
                return Not(self.rule(part, place.below()))
            case {"segment": number, **rest} if not rest:
                return self.segment(number, place)
        return self.condition(data, place)

    def condition(self, data: object, place: _Place) -> Rule:
        try:
            return _condition(data, self.known)
        except RuleError as error:
            if not place.asked:
                raise
            raise RuleError(f"In the segment “{place.asked}”: {error.sentence}") from error

    def segment(self, number: object, place: _Place) -> InSegment:
        found = self.find(number) if isinstance(number, int) and not isinstance(number, bool) else None
        if found is None or not isinstance(number, int):
            raise RuleError(f"There is no segment {shown(number)} that a rule can ask for: choose another one.")
        if number in dict(place.within):
            raise RuleError(f"{_circle(place.within, number)}: a segment cannot ask for itself. Choose another one.")
        return InSegment(number, found.name, self.rule(found.rule, place.inside(number, found.name)))


def _condition(data: object, known: Nameable) -> Rule:
    for kind in KINDS.values():
        if isinstance(data, dict) and kind.key in data and not set(data) - {kind.key} - kind.other_keys:
            return kind.parse(data, known)
    raise RuleError(
        "A rule is a list of rules under “all” or “any”, one rule under “not”, a “segment”, a “feature” with “is” and "
        "“value”, what was “bought” with “named” and “times” or “amount”, or an “event” with “times”; "
        f"{shown(data)} is none of these."
    )


def _circle(within: Chain, number: int) -> str:
    """The way from a segment back to itself: “A” asks for “B”, which asks for “A”."""
    names = [f"“{name}”" for asked, name in within[[asked for asked, _ in within].index(number) :]]
    return f"{names[0]} asks for " + ", which asks for ".join([*names[1:], names[0]])
