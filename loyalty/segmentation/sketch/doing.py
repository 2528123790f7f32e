"""A condition while it is edited: what a member did that was not a purchase, how often, when and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation.sketch.fields import Fields
from loyalty.segmentation.sketch.numbers import number, written


@dataclass
class Doing:
    """What was typed so far; empty `days` are ever."""

    kind: ClassVar[str] = "doing"

    event: str = ""
    least: str = "1"
    days: str = "30"
    channel: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.event

    def as_rule(self, _features: Mapping[str, Feature]) -> dict[str, Any]:
        days = {"days": number(self.days)} if self.days else {}
        channel = {"channel": self.channel} if self.channel else {}
        return {"event": self.event, "times": number(self.least), **days, **channel}

    def missing(self, _features: Mapping[str, Feature]) -> str:
        return "what they did" if self.is_blank else ""


def read(fields: Fields, _members: Profiles) -> Doing:
    return Doing(**{name: fields.get(name) for name in ("event", "least", "days", "channel")})


def of_rule(rule: Mapping[str, Any], _features: Mapping[str, Feature]) -> Doing:
    return Doing(rule["event"], written(rule["times"]), written(rule.get("days", "")), rule.get("channel", ""))
