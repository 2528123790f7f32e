"""A condition while it is edited: what was bought, how often or for how much, when and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, get_args

from loyalty.profiling.conditions import Goods
from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation import words
from loyalty.segmentation.sketch.fields import Fields
from loyalty.segmentation.sketch.numbers import number, written

ANYTHING = "anything"
MEASURES = ("times", "amount")


@dataclass
class Buying:
    """What was typed so far; `sought` is the beginning of a name, and empty `days` are ever."""

    kind: ClassVar[str] = "buying"

    goods: str = "category"
    named: list[str] = field(default_factory=list)
    sought: str = ""
    measure: str = "times"
    least: str = "1"
    days: str = "365"
    channel: str = ""
    store: str = ""

    @property
    def is_blank(self) -> bool:
        return self.goods != ANYTHING and not self.named

    def as_rule(self, _features: Mapping[str, Feature]) -> dict[str, Any]:
        named = {} if self.goods == ANYTHING else {"named": self.named}
        days = {"days": number(self.days)} if self.days else {}
        places = {name: place for name, place in (("channel", self.channel), ("store", self.store)) if place}
        return {"bought": self.goods, **named, self.measure: number(self.least), **days, **places}

    def missing(self, _features: Mapping[str, Feature]) -> str:
        if self.sought:
            return f"what you mean by “{self.sought}”"
        return f"a {self.goods}" if self.is_blank else ""

    def name(self, value: str) -> None:
        """Take one more word, in place of what was typed to find it."""
        self.named, self.sought = list(dict.fromkeys([*self.named, value])), ""

    def drop(self, value: str) -> None:
        self.named = [word for word in self.named if word != value]

    def shop(self, store: str) -> None:
        """Say in which store."""
        self.store = store


def read(fields: Fields, members: Profiles) -> Buying:
    """The condition that the fields describe; names of one kind of goods mean nothing for another."""
    goods, measure = fields.get("bought"), fields.get("measure")
    part = Buying(
        goods=goods if goods in get_args(Goods) else "category",
        named=fields.all("named") if goods == fields.get("was") else [],
        sought=fields.get("sought") if goods != ANYTHING else "",
        measure=measure if measure in MEASURES else "times",
        least=fields.get("least"),
        days=fields.get("days"),
        channel=fields.get("channel"),
        store=_store(fields.get("store"), members),
    )
    if part.sought and (settled := words.book(part.goods, members).settled(part.sought)):
        part.name(settled)
    return part


def of_rule(rule: Mapping[str, Any], _features: Mapping[str, Feature]) -> Buying:
    measure = "amount" if "amount" in rule else "times"
    return Buying(
        goods=rule["bought"],
        named=list(rule.get("named", [])),
        measure=measure,
        least=written(rule[measure]),
        days=written(rule.get("days", "")),
        channel=rule.get("channel", ""),
        store=rule.get("store", ""),
    )


def _store(typed: str, members: Profiles) -> str:
    """The store by its whole name, where it is clear which one is meant."""
    return (typed and words.book("store", members).settled(typed)) or typed
