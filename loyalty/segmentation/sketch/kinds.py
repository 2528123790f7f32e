"""The kinds of condition that the page can hold. A new kind is declared here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation.sketch import belonging, buying, comparing, doing
from loyalty.segmentation.sketch.fields import Fields
from loyalty.segmentation.sketch.tree import Leaf


@dataclass(frozen=True)
class LeafKind:
    """How a kind of condition is read from the fields of the page, and from a saved rule."""

    read: Callable[[Fields, Profiles], Leaf | None]
    of_rule: Callable[[Mapping[str, Any], Mapping[str, Feature]], Leaf]


# By the field that tells them on the page, which is also their key in a rule.
KINDS: Mapping[str, LeafKind] = {
    "feature": LeafKind(comparing.read, comparing.of_rule),
    "segment": LeafKind(belonging.read, belonging.of_rule),
    "bought": LeafKind(buying.read, buying.of_rule),
    "event": LeafKind(doing.read, doing.of_rule),
}
