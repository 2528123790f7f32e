"""A segment rule while it is edited: a tree of groups and conditions that stays whole between two keystrokes.

The page holds the tree as form fields named by path (`0.1:feature`, `0.1:is`, `0.1:value`, …); `read` makes the tree of
them, `of_rule` makes it of a saved rule, and `as_rule` gives the JSON that `loyalty.profiling.segments` parses.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.http import QueryDict

from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused

ROOT = "0"
SAMPLE = 10_000
MATCHES = {"all": "all of these", "any": "any of these", "none": "none of these"}
COMPARED = {
    "at_least": "is at least",
    "at_most": "is at most",
    "between": "is between",
    "equals": "is",
    "in": "is one of",
    "known": "is known",
    "unknown": "is not known",
}


@dataclass
class Condition:
    """One comparison as it was typed: numbers are still text, shares in per cent."""

    feature: str
    op: str
    values: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Whether it waits for its first word; until then it counts for nothing."""
        return self.op == "in" and not self.values

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        """The comparison as JSON; what cannot be read stays text, for the parser to refuse in its own words."""
        rule: dict[str, Any] = {"feature": self.feature, "is": self.op}
        if self.op in ("known", "unknown"):
            return rule
        values = [_read(value, features.get(self.feature)) for value in self.values]
        single = values[0] if values else ""
        return {**rule, "value": values if self.op in ("in", "between") else single}


@dataclass
class Belonging:
    """Being in another segment, by its number as text."""

    segment: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it waits for its segment; until then it counts for nothing."""
        return not self.segment

    def as_rule(self, _features: Mapping[str, Feature]) -> dict[str, Any]:
        return {"segment": int(self.segment) if self.segment.isdecimal() else self.segment}


@dataclass
class Group:
    """Parts under all, any or none."""

    match: str = "all"
    parts: list["Part"] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return all(part.is_blank for part in self.parts)

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        """The group as JSON, without the parts that wait for their first word."""
        parts = [part.as_rule(features) for part in self.parts if not part.is_blank]
        return {"not": {"any": parts}} if self.match == "none" else {self.match: parts}


Part = Condition | Belonging | Group


def fresh(name: str, members: Profiles) -> Condition:
    """A condition on a feature that counts at once: half the members, yes, or no word chosen yet."""
    feature = members.features[name]
    if feature.kind == "flag":
        return Condition(name, "equals", ["yes"])
    if feature.kind == "category":
        return Condition(name, "in")
    op = "at_most" if feature.kind == "days" else "at_least"
    return Condition(name, op, [_middle(feature, members.column(name))])


def of_rule(rule: Any, features: Mapping[str, Feature]) -> Group:
    """The tree of a saved rule; a rule that is a single condition is put into a group."""
    node = _of_rule(rule, features)
    return node if isinstance(node, Group) else Group("all", [node])


def read(fields: QueryDict, members: Profiles) -> Group:
    """The tree that the page's fields describe; a condition whose feature was changed starts afresh."""
    group = _read_node(ROOT, fields, members)
    return group if isinstance(group, Group) else Group()


def change(tree: Group, wanted: str, members: Profiles) -> str:
    """Carry out `add:PATH:FEATURE`, `segment:PATH`, `group:PATH` or `remove:PATH`; the path that it left to look at.

    Whatever the tree does not have room for changes nothing.
    """
    verb, _, rest = wanted.partition(":")
    path, _, name = rest.partition(":")
    if verb == "remove":
        return _remove(tree, path)
    group = at(tree, path)
    if not isinstance(group, Group) or not (verb in NEW or name in members.features):
        return ""
    group.parts.append(NEW[verb]() if verb in NEW else fresh(name, members))
    return f"{path}.{len(group.parts) - 1}"


NEW: Mapping[str, Callable[[], Part]] = {"group": lambda: Group("any"), "segment": Belonging}


def finished(tree: Group, features: Mapping[str, Feature]) -> dict[str, Any]:
    """The rule to keep; Refused while a condition waits for its first word or a group for its first condition."""
    for _, part in paths(tree):
        if part is not tree and part.is_blank:
            raise Refused(f"Choose {_missing(part, features)}, or remove it.")
    return tree.as_rule(features)


def _missing(part: Part, features: Mapping[str, Feature]) -> str:
    if isinstance(part, Condition):
        return f"a value for {features[part.feature].label}"
    return "a segment" if isinstance(part, Belonging) else "a condition"


def at(tree: Group, path: str) -> Part | None:
    """The part with this path, if there is one."""
    return dict(paths(tree)).get(path)


def paths(node: Part, path: str = ROOT) -> Iterator[tuple[str, Part]]:
    """Every node with its path, parents before their parts."""
    yield path, node
    if isinstance(node, Group):
        for number, part in enumerate(node.parts):
            yield from paths(part, f"{path}.{number}")


def _remove(tree: Group, path: str) -> str:
    above, _, number = path.rpartition(".")
    group = at(tree, above)
    if not isinstance(group, Group) or at(tree, path) is None:
        return ""
    group.parts.pop(int(number))
    return above


def _read_node(path: str, fields: QueryDict, members: Profiles) -> Part | None:
    if match := fields.get(f"{path}:match"):
        parts = (_read_node(f"{path}.{number}", fields, members) for number in _numbers(path, fields))
        return Group(match if match in MATCHES else "all", [part for part in parts if part])
    if (segment := fields.get(f"{path}:segment")) is not None:
        return Belonging(segment)
    name = fields.get(f"{path}:feature", "")
    if not name:
        return None
    if name in members.features and name != fields.get(f"{path}:was"):
        return fresh(name, members)
    return _read_condition(path, name, fields, members)


def _read_condition(path: str, name: str, fields: QueryDict, members: Profiles) -> Condition:
    op = fields.get(f"{path}:is", "")
    values = [value.strip() for value in fields.getlist(f"{path}:value")]
    ops = allowed_ops(members.features[name]) if name in members.features else (op,)
    return Condition(name, op if op in ops else ops[0], values)


def _numbers(path: str, fields: QueryDict) -> list[int]:
    """The numbers of a group's parts, in the order in which they stand on the page."""
    deeper = (
        name.removeprefix(f"{path}.").split(":")[0].split(".")[0] for name in fields if name.startswith(f"{path}.")
    )
    return sorted({int(number) for number in deeper if number.isdecimal()})


def _of_rule(rule: Any, features: Mapping[str, Feature]) -> Part:
    match rule:
        case {"all": parts}:
            return Group("all", [_of_rule(part, features) for part in parts])
        case {"any": parts}:
            return Group("any", [_of_rule(part, features) for part in parts])
        case {"not": {"any": parts}}:
            return Group("none", [_of_rule(part, features) for part in parts])
        case {"not": part}:
            return Group("none", [_of_rule(part, features)])
        case {"segment": number}:
            return Belonging(str(number))
        case _:
            value, feature = rule.get("value", []), features.get(rule["feature"])
            values = value if isinstance(value, list) else [value]
            return Condition(rule["feature"], rule["is"], [_written(each, feature) for each in values])


def _read(text: str, feature: Feature | None) -> object:
    if feature is None or feature.kind == "category":
        return text
    if feature.kind == "flag":
        return {"yes": True, "no": False}.get(text, text)
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return text
    return number / 100 if feature.kind == "share" else number


def _written(value: Any, feature: Feature | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return f"{value * 100 if feature and feature.kind == 'share' else value:.10g}"


def _middle(feature: Feature, column: np.ndarray) -> str:
    """A value near the median, told from some members spread over all: it is where somebody begins to type."""
    if feature.kind == "ratio":
        return "1"  # the average member
    some = column[:: max(1, len(column) // SAMPLE)]
    known = some[~np.isnan(some)]
    middle = float(np.median(known)) if known.size else 0.0
    return _written(round(middle, 2) if feature.kind == "share" else round(middle), feature)
