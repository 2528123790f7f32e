"""Segment rules as trees of conditions.

A rule is `{"all": [rule, …]}`, `{"any": [rule, …]}`, `{"not": rule}`, another segment `{"segment": number}`, or a
condition of one of the kinds in `kinds.py`: the comparison `{"feature": name, "is": op, "value": v}`, what somebody
`{"bought": …}`, or an `{"event": …}`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from loyalty.profiling.table import Feature

Goods = Literal["anything", "category", "brand", "product"]
Operand = float | bool | str | tuple[float, ...] | tuple[str, ...] | None

NUMERIC_OPS = ("at_least", "at_most", "between", "equals", "in", "known", "unknown")
CATEGORY_OPS = ("equals", "in", "known", "unknown")
FLAG_OPS = ("equals", "known", "unknown")


class RuleError(ValueError):
    """A rule that cannot be used, with one sentence for the person who wrote it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Comparison:
    """A condition on one feature. A value that is unknown meets no condition but `unknown`."""

    feature: str
    op: str
    operand: Operand = None


@dataclass(frozen=True)
class Bought:
    """A condition on purchases: in at least so many baskets (`times`), or else for at least `amount_e4` in sum.

    `named` are categories, brands or product references, and nothing for `anything`; `labels` is what to call them.
    `days` is how far back it looks, None for ever; an empty channel or store is any.
    """

    goods: Goods
    named: tuple[str, ...] = ()
    times: int | None = None
    amount_e4: int | None = None
    days: int | None = None
    channel: str = ""
    store: str = ""
    labels: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Happened:
    """A condition on events: so many of one kind at least, `days` back or ever, on a channel or, if empty, on any."""

    event: str
    times: int
    days: int | None = None
    channel: str = ""


@dataclass(frozen=True)
class All:
    """Holds when every part holds; without parts it is everybody."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class AnyOf:
    """Holds when at least one part holds; without parts it is nobody."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class Not:
    """Holds when the part does not, so also where the part is about a value that is unknown."""

    part: "Rule"


@dataclass(frozen=True)
class InSegment:
    """Holds for the members of another segment: its number, its name, and its rule as it was in force when read."""

    segment: int
    name: str
    rule: "Rule"


Condition = Comparison | Bought | Happened
Rule = Condition | All | AnyOf | Not | InSegment


def branches(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The parts of a rule in order, each with its step in a path: `all.0`, `any.2`, `not`."""
    match rule:
        case All(parts):
            yield from ((f"all.{index}", part) for index, part in enumerate(parts))
        case AnyOf(parts):
            yield from ((f"any.{index}", part) for index, part in enumerate(parts))
        case Not(part):
            yield "not", part
        case InSegment(_, _, part):
            yield "segment", part


def leaves(rule: Rule) -> Iterator[Condition]:
    """Every condition of a rule in order, those of the segments it asks for included."""
    if isinstance(rule, Condition):
        yield rule
    for _, part in branches(rule):
        yield from leaves(part)


def allowed_ops(feature: Feature) -> tuple[str, ...]:
    """The comparisons that make sense for a feature."""
    return {"category": CATEGORY_OPS, "flag": FLAG_OPS}.get(feature.kind, NUMERIC_OPS)
