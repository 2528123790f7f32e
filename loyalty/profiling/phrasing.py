"""A segment rule in words."""

from collections.abc import Mapping

from loyalty.profiling.conditions import All, AnyOf, InSegment, Not, Rule
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.table import Feature


def in_words(rule: Rule, features: Mapping[str, Feature]) -> str:
    """The whole rule as one phrase, such as “Tier is Gold and not (Age (at least) is unknown)”."""
    match rule:
        case All(parts):
            return " and ".join(_bracketed(part, features) for part in parts) or "everybody"
        case AnyOf(parts):
            return " or ".join(_bracketed(part, features) for part in parts) or "nobody"
        case Not(part):
            return f"not ({in_words(part, features)})"
        case InSegment(name=name):
            return f"in the segment “{name}”"
    return kind_of(rule).words(rule, features)


def _bracketed(part: Rule, features: Mapping[str, Feature]) -> str:
    words = in_words(part, features)
    return f"({words})" if isinstance(part, All | AnyOf) and len(part.parts) > 1 else words
