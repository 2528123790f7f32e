"""What the buttons of the page do to a sketch, and whether it can be kept."""

from collections.abc import Callable, Mapping
from typing import Any

from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused
from loyalty.segmentation.sketch.belonging import Belonging
from loyalty.segmentation.sketch.buying import Buying
from loyalty.segmentation.sketch.comparing import fresh
from loyalty.segmentation.sketch.doing import Doing
from loyalty.segmentation.sketch.tree import Group, Part, at, paths

NEW: Mapping[str, Callable[[], Part]] = {
    "group": lambda: Group("any"),
    "segment": Belonging,
    "bought": Buying,
    "event": Doing,
}
NAMING: Mapping[str, Callable[[Buying, str], None]] = {"name": Buying.name, "drop": Buying.drop, "store": Buying.shop}


def change(tree: Group, wanted: str, members: Profiles) -> str:
    """Carry out what a button asks for; the path that it left to look at.

    It is `add:PATH:FEATURE`, or the kind of another new part with the path of its group; `remove:PATH`; or what is done
    with a word of a purchase: `name:PATH:WORD`, `drop:PATH:WORD`, `store:PATH:STORE`. Whatever the tree does not have
    room for changes nothing.
    """
    verb, _, rest = wanted.partition(":")
    path, _, word = rest.partition(":")
    if verb == "remove":
        return _remove(tree, path)
    part = at(tree, path)
    if verb in NAMING and isinstance(part, Buying):
        NAMING[verb](part, word)
        return path
    new = _new(verb, word, members)
    if new is None or not isinstance(part, Group):
        return ""
    part.parts.append(new)
    return f"{path}.{len(part.parts) - 1}"


def finished(tree: Group, features: Mapping[str, Feature]) -> dict[str, Any]:
    """The rule to keep; Refused while a condition waits for a word or a group for its first condition."""
    for _, part in paths(tree):
        if part is not tree and (missing := part.missing(features)):
            raise Refused(f"Choose {missing}, or remove it.")
    return tree.as_rule(features)


def _new(verb: str, feature: str, members: Profiles) -> Part | None:
    if verb == "add":
        return fresh(feature, members) if feature in members.features else None
    return NEW[verb]() if verb in NEW else None


def _remove(tree: Group, path: str) -> str:
    above, _, number = path.rpartition(".")
    group = at(tree, above)
    if not isinstance(group, Group) or at(tree, path) is None:
        return ""
    group.parts.pop(int(number))
    return above
