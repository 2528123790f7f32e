"""A segment rule while it is edited: a tree of groups and conditions that stays whole between two keystrokes.

The page holds the tree as form fields named by path (`0.1:feature`, `0.1:is`, `0.1:value`, …); `read` makes the tree of
them, `of_rule` makes it of a saved rule, and `as_rule` gives the JSON that `loyalty.profiling.segments` parses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.table import Feature, Profiles

ROOT = "0"
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
FIRST_FEATURE = "recency_days"
Fields = Mapping[str, Any]


@dataclass
class Condition:
    """One comparison as it was typed: numbers are still text, shares in per cent."""

    feature: str
    op: str
    values: list[str] = field(default_factory=list)

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        """The comparison as JSON; what cannot be read stays text, for the parser to refuse in its own words."""
        rule: dict[str, Any] = {"feature": self.feature, "is": self.op}
        if self.op in ("known", "unknown"):
            return rule
        values = [_read(value, features.get(self.feature)) for value in self.values]
        single = values[0] if values else ""
        return {**rule, "value": values if self.op in ("in", "between") else single}


@dataclass
class Group:
    """Parts under all, any or none."""

    match: str = "all"
    parts: list["Condition | Group"] = field(default_factory=list)

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        parts = [part.as_rule(features) for part in self.parts]
        return {"not": {"any": parts}} if self.match == "none" else {self.match: parts}


def fresh(name: str, members: Profiles) -> Condition:
    """A condition on a feature that is complete from the start, so that the count never stops."""
    feature = members.features[name]
    if feature.kind == "flag":
        return Condition(name, "equals", ["yes"])
    if feature.kind == "category":
        return Condition(name, "in", [*members.vocabularies[name][:1]])
    return Condition(
        name, "at_most" if feature.kind == "days" else "at_least", [_middle(feature, members.column(name))]
    )


def of_rule(rule: Any, features: Mapping[str, Feature]) -> Group:
    """The tree of a saved rule; a rule that is a single condition is put into a group."""
    node = _of_rule(rule, features)
    return node if isinstance(node, Group) else Group("all", [node])


def read(fields: Fields, members: Profiles) -> Group:
    """The tree that the page's fields describe; a condition whose feature was changed starts afresh."""
    group = _read_node(ROOT, fields, members)
    return group if isinstance(group, Group) else Group()


def change(tree: Group, wanted: str, members: Profiles) -> None:
    """Carry out a button of the page on the tree: `add:PATH`, `group:PATH` or `remove:PATH`."""
    verb, _, path = wanted.partition(":")
    steps = [int(step) for step in path.split(".")[1:] if step.isdigit()]
    if verb == "remove" and steps:
        _at(tree, steps[:-1]).parts.pop(steps[-1])
    elif verb in ("add", "group"):
        new = fresh(FIRST_FEATURE, members)
        _at(tree, steps).parts.append(new if verb == "add" else Group("any", [new]))


def paths(node: Condition | Group, path: str = ROOT) -> Iterator[tuple[str, Condition | Group]]:
    """Every node with its path, parents before their parts."""
    yield path, node
    if isinstance(node, Group):
        for number, part in enumerate(node.parts):
            yield from paths(part, f"{path}.{number}")


def _at(tree: Group, steps: Sequence[int]) -> Group:
    node: Condition | Group = tree
    for step in steps:
        node = node.parts[step] if isinstance(node, Group) else node
    return node if isinstance(node, Group) else tree


def _read_node(path: str, fields: Fields, members: Profiles) -> Condition | Group | None:
    if match := fields.get(f"{path}:match"):
        parts = (_read_node(f"{path}.{number}", fields, members) for number in _numbers(path, fields))
        return Group(match if match in MATCHES else "all", [part for part in parts if part])
    name = fields.get(f"{path}:feature")
    if name not in members.features:
        return None
    if name != fields.get(f"{path}:was"):
        return fresh(name, members)
    return _read_condition(path, name, fields, members)


def _read_condition(path: str, name: str, fields: Fields, members: Profiles) -> Condition:
    ops = allowed_ops(members.features[name])
    op = fields.get(f"{path}:is", "")
    values = fields.getlist(f"{path}:value") if hasattr(fields, "getlist") else fields.get(f"{path}:value", [])
    return Condition(name, op if op in ops else ops[0], [value.strip() for value in values])


def _numbers(path: str, fields: Fields) -> list[int]:
    """The numbers of a group's parts, in the order in which they stand on the page."""
    deeper = (
        name.removeprefix(f"{path}.").split(":")[0].split(".")[0] for name in fields if name.startswith(f"{path}.")
    )
    return sorted({int(number) for number in deeper if number.isdigit()})


def _of_rule(rule: Any, features: Mapping[str, Feature]) -> Condition | Group:
    match rule:
        case {"all": parts}:
            return Group("all", [_of_rule(part, features) for part in parts])
        case {"any": parts}:
            return Group("any", [_of_rule(part, features) for part in parts])
        case {"not": {"any": parts}}:
            return Group("none", [_of_rule(part, features) for part in parts])
        case {"not": part}:
            return Group("none", [_of_rule(part, features)])
        case _:
            value = rule.get("value", [])
            values = value if isinstance(value, list) else [value]
            return Condition(
                rule["feature"], rule["is"], [_written(each, features[rule["feature"]]) for each in values]
            )


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


def _written(value: Any, feature: Feature) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return f"{value * 100 if feature.kind == 'share' else value:.10g}"


def _middle(feature: Feature, column: np.ndarray) -> str:
    known = column[~np.isnan(column)]
    middle = float(np.median(known)) if known.size else 0.0
    return _written(round(middle, 2) if feature.kind in ("share", "ratio") else round(middle), feature)
