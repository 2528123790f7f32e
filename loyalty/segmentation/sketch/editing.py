"""What the buttons of the page do to a sketch, and whether it can be kept."""

from collections.abc import Callable, Mapping
from typing import Any

from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused
from loyalty.segmentation.sketch.belonging import Belonging
from loyalty.segmentation.sketch.comparing import fresh
from loyalty.segmentation.sketch.tree import Group, Part, at, paths

NEW: Mapping[str, Callable[[], Part]] = {"group": lambda: Group("any"), "segment": Belonging}


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


def finished(tree: Group, features: Mapping[str, Feature]) -> dict[str, Any]:
    """The rule to keep; Refused while a condition waits for its first word or a group for its first condition."""
    for _, part in paths(tree):
        if part is not tree and part.is_blank:
            raise Refused(f"Choose {part.missing(features)}, or remove it.")
    return tree.as_rule(features)


def _remove(tree: Group, path: str) -> str:
    above, _, number = path.rpartition(".")
    group = at(tree, above)
    if not isinstance(group, Group) or at(tree, path) is None:
        return ""
    group.parts.pop(int(number))
    return above
