"""A condition while it is edited: one feature compared with a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation.sketch.fields import Fields
from loyalty.segmentation.sketch.numbers import number, written

SAMPLE = 10_000
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

    kind: ClassVar[str] = "condition"

    feature: str
    op: str
    values: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return self.op == "in" and not self.values

    def as_rule(self, features: Mapping[str, Feature]) -> dict[str, Any]:
        rule: dict[str, Any] = {"feature": self.feature, "is": self.op}
        if self.op in ("known", "unknown"):
            return rule
        values = [_read(value, features.get(self.feature)) for value in self.values]
        single = values[0] if values else ""
        return {**rule, "value": values if self.op in ("in", "between") else single}

    def missing(self, features: Mapping[str, Feature]) -> str:
        return f"a value for {features[self.feature].label}" if self.is_blank else ""


def fresh(name: str, members: Profiles) -> Condition:
    """A condition on a feature that counts at once: half the members, yes, or no word chosen yet."""
    feature = members.features[name]
    if feature.kind == "flag":
        return Condition(name, "equals", ["yes"])
    if feature.kind == "category":
        return Condition(name, "in")
    op = "at_most" if feature.kind == "days" else "at_least"
    return Condition(name, op, [_middle(feature, members)])


def read(fields: Fields, members: Profiles) -> Condition | None:
    """The comparison that the fields describe; one whose feature was changed starts afresh."""
    name = fields.get("feature")
    if not name:
        return None
    if name in members.features and name != fields.get("was"):
        return fresh(name, members)
    op = fields.get("is")
    ops = allowed_ops(members.features[name]) if name in members.features else (op,)
    return Condition(name, op if op in ops else ops[0], fields.all("value"))


def of_rule(rule: Mapping[str, Any], features: Mapping[str, Feature]) -> Condition:
    value, feature = rule.get("value", []), features.get(rule["feature"])
    values = value if isinstance(value, list) else [value]
    return Condition(rule["feature"], rule["is"], [_written(each, feature) for each in values])


def _read(text: str, feature: Feature | None) -> object:
    if feature is None or feature.kind == "category":
        return text
    if feature.kind == "flag":
        return {"yes": True, "no": False}.get(text, text)
    value = number(text)
    return value / 100 if feature.kind == "share" and not isinstance(value, str) else value


def _written(value: Any, feature: Feature | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return written(value * 100 if feature and feature.kind == "share" else value)


def _middle(feature: Feature, members: Profiles) -> str:
    """A value near the median, told from some members spread over all: it is where somebody begins to type."""
    if feature.kind == "ratio":
        return "1"  # the average member
    some = members.column(feature.name, slice(None, None, max(1, len(members) // SAMPLE)))
    known = some[~np.isnan(some)]
    middle = float(np.median(known)) if known.size else 0.0
    return _written(round(middle, 2) if feature.kind == "share" else round(middle), feature)
