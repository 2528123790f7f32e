"""A condition while it is edited: being in another segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from loyalty import numerals
from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation.sketch.fields import Fields


@dataclass
class Belonging:
    """Being in another segment, by its number as text."""

    kind: ClassVar[str] = "belonging"

    segment: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.segment

    def as_rule(self, _features: Mapping[str, Feature]) -> dict[str, Any]:
        number = numerals.whole(self.segment)
        return {"segment": self.segment if number is None else number}

    def missing(self, _features: Mapping[str, Feature]) -> str:
        return "a segment" if self.is_blank else ""


def read(fields: Fields, _members: Profiles) -> Belonging:
    return Belonging(fields.get("segment"))


def of_rule(rule: Mapping[str, Any], _features: Mapping[str, Feature]) -> Belonging:
    return Belonging(str(rule["segment"]))
