"""Two dry runs side by side: what each would do, by how much they differ, and what of the plan makes the difference."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from campaigns.models import Campaign, DryRun
from campaigns.models.decision import HELD_OUT

Told = Mapping[str, Any]

LISTED = 30

NOT_THE_SAME = {
    "profiles": "They rest on member profiles of different days, so a part of the difference is what members did.",
    "scorer": "Different scorers valued the offers, so a part of the difference is theirs.",
}


@dataclass(frozen=True)
class Number:
    """With its interval, where it is an estimate that has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One number of both, None where a plan has none; `kind` is how it is written: money, number or share."""

    label: str
    kind: str
    one: Number | None
    other: Number | None

    @property
    def difference(self) -> float | None:
        return None if self.one is None or self.other is None else self.one.value - self.other.value

    @property
    def size(self) -> float:
        """The difference without its sign, which words tell."""
        return abs(self.difference or 0.0)

    @property
    def sides(self) -> tuple[Number | None, Number | None]:
        return self.one, self.other

    @property
    def places(self) -> int:
        return 0 if self.kind == "number" else 2


@dataclass(frozen=True)
class Said:
    """A fact of both plans, in words."""

    label: str
    one: str
    other: str


@dataclass(frozen=True)
class Comparison:
    """`rows` are the numbers, `offers` members per offer, `plan` the facts in which the plans differ, and `notes` say
    what else does."""

    rows: list[Row]
    offers: list[Row]
    plan: list[Said]
    notes: list[str]


def comparison(one: Told, other: Told) -> Comparison:
    """The first of two reports beside the second; differences are the first less the second."""
    return Comparison(
        rows=list(_numbers(one, other)),
        offers=list(_offers(one, other)),
        plan=list(changes(one, other)),
        notes=[said for name, said in NOT_THE_SAME.items() if one.get(name) != other.get(name)],
    )


def comparable(campaign: Campaign) -> QuerySet[DryRun]:
    """Dry runs to choose from, the newest first: this campaign's own, and the newest of every other draft.

    `number` counts those of one campaign, from 1.
    """
    done = DryRun.objects.filter(report__isnull=False)
    others = done.filter(campaign__state=Campaign.State.DRAFT).exclude(campaign=campaign)
    newest = others.order_by().values("campaign").annotate(newest=Max("pk")).values("newest")
    up_to_it = DryRun.objects.order_by().filter(campaign=OuterRef("campaign"), pk__lte=OuterRef("pk"))
    number = Subquery(up_to_it.values("campaign").annotate(number=Count("pk")).values("number"))
    chosen = done.filter(Q(campaign=campaign) | Q(pk__in=newest)).annotate(number=number)
    return chosen.select_related("campaign").order_by("-pk")[:LISTED]


def _numbers(one: Told, other: Told) -> Iterator[Row]:
    for label, kind, of in NUMBERS:
        yield Row(label, kind, of(one), of(other))


def _expected(told: Told, name: str, otherwise: str) -> Number:
    found = told["expected"][name] if "expected" in told else {"value": told[otherwise]}
    return Number(found["value"], found.get("low"), found.get("high"))


def _counted(value: float | None) -> Number | None:
    return None if value is None else Number(value)


NUMBERS: tuple[tuple[str, str, Callable[[Told], Number | None]], ...] = (
    ("Expected incremental margin", "money", lambda told: _expected(told, "margin", "value")),
    ("Expected cost of redemptions", "money", lambda told: _expected(told, "cost", "spend")),
    ("Members who get an offer", "number", lambda told: _counted(told["assigned"])),
    ("Eligible members", "number", lambda told: _counted(told["eligible"])),
    ("Held out", "number", lambda told: _counted(told["arms"].get(HELD_OUT, 0))),
    ("Drew at random", "number", lambda told: _counted(told.get("explored"))),
    ("Of the best possible, at least", "share", lambda told: _counted(told["share_of_bound"])),
)


def _offers(one: Told, other: Told) -> Iterator[Row]:
    """Members per offer; None where an offer is not in the plan."""
    given = [{offer["offer_ref"]: offer["assigned"] for offer in told["offers"]} for told in (one, other)]
    names = {offer["offer_ref"]: offer["name"] for told in (other, one) for offer in told["offers"]}
    for ref in sorted(names):
        yield Row(names[ref], "number", *(_counted(each.get(ref)) for each in given))


def changes(one: Told, other: Told) -> Iterator[Said]:
    """The facts of the plan in which two reports differ."""
    facts = [dict(told.get("plan", ())) for told in (one, other)]
    for label in dict.fromkeys([*facts[0], *facts[1]]):
        said = [each.get(label, "not in it") for each in facts]
        if said[0] != said[1]:
            yield Said(label, *said)
