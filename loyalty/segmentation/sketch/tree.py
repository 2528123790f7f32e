"""The tree of a sketch: groups, and the conditions in them, each at a path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from loyalty.profiling.table import Feature

ROOT = "0"
MATCHES = {"all": "all of these", "any": "any of these", "none": "none of these"}


class Leaf(Protocol):
    """A condition as it was typed; `kind` says what it is about."""

    kind: ClassVar[str]

    @property
    def is_blank(self) -> bool:
        """Whether it waits for its first word; until then it counts for nothing."""

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        """The condition as JSON; what cannot be read stays text, for the parser to refuse in its own words."""

    def missing(self, features: Mapping[str, Feature]) -> str:
        """What it waits for, to follow “Choose”; nothing once it is whole."""


@dataclass
class Group:
    """Parts under all, any or none."""

    kind: ClassVar[str] = "group"

    match: str = "all"
    parts: list["Part"] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return all(part.is_blank for part in self.parts)

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        """The group as JSON, without the parts that wait for their first word."""
        parts = [part.as_rule(features) for part in self.parts if not part.is_blank]
        return {"not": {"any": parts}} if self.match == "none" else {self.match: parts}

    def missing(self, _features: Mapping[str, Feature]) -> str:
        return "a condition" if self.is_blank else ""


Part = Leaf | Group


def at(tree: Group, path: str) -> Part | None:
    """The part with this path, if there is one."""
    return dict(paths(tree)).get(path)


def paths(node: Part, path: str = ROOT) -> Iterator[tuple[str, Part]]:
    """Every node with its path, parents before their parts."""
    yield path, node
    if isinstance(node, Group):
        for number, part in enumerate(node.parts):
            yield from paths(part, f"{path}.{number}")
