"""The tree of the page's fields, and of a saved rule."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation.sketch.fields import Fields
from loyalty.segmentation.sketch.kinds import KINDS
from loyalty.segmentation.sketch.tree import MATCHES, ROOT, Group, Part


def read(posted: QueryDict, members: Profiles) -> Group:
    """The tree that the page's fields describe; a condition whose feature was changed starts afresh."""
    group = _read(Fields(posted, ROOT), members)
    return group if isinstance(group, Group) else Group()


def of_rule(rule: Any, features: Mapping[str, Feature]) -> Group:
    """The tree of a saved rule; a rule that is a single condition is put into a group."""
    node = part_of_rule(rule, features)
    return node if isinstance(node, Group) else Group("all", [node])


def part_of_rule(rule: Any, features: Mapping[str, Feature]) -> Part:
    """A group or a condition of a saved rule."""
    match rule:
        case {"all": parts}:
            return Group("all", [part_of_rule(part, features) for part in parts])
        case {"any": parts}:
            return Group("any", [part_of_rule(part, features) for part in parts])
        case {"not": {"any": parts}}:
            return Group("none", [part_of_rule(part, features) for part in parts])
        case {"not": part}:
            return Group("none", [part_of_rule(part, features)])
    return next(kind for name, kind in KINDS.items() if name in rule).of_rule(rule, features)


def _read(fields: Fields, members: Profiles) -> Part | None:
    if match := fields.get("match"):
        parts = (_read(each, members) for each in fields.below())
        return Group(match if match in MATCHES else "all", [part for part in parts if part])
    kind = next((kind for name, kind in KINDS.items() if name in fields), None)
    return kind.read(fields, members) if kind else None
