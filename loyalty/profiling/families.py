"""What features say of which there is one per department, or per column of the retailer's own."""

from collections.abc import Callable, Mapping
from functools import partial

from loyalty.profiling import departments
from loyalty.profiling.dictionary import AUDIENCE, PURCHASES, RELEVANCE
from loyalty.profiling.table import Feature, Kind

# A retailer's own column is sensitive when one of these is a word of its name.
SENSITIVE_WORDS = frozenset(
    {"age", "birth", "birthday", "disability", "ethnicity", "gender", "health", "income", "marital", "nationality"}
    | {"orientation", "political", "politics", "pregnancy", "pregnant", "race", "religion", "sex", "union"}
)


def affinity(department: str) -> Feature:
    """The feature of a department's affinity."""
    return Feature(
        name=f"affinity:{department}",
        label=f"Affinity for {department}",
        unit="times average",
        kind="ratio",
        source=PURCHASES + ", recent ones counting more",
        purpose=RELEVANCE,
        sentence=f"The part of your spend that goes to {department} is {{value}} times the average member's.",
    )


def bought(days: int, department: str) -> Feature:
    """The feature of how often a department was bought from in the last so many days."""
    return Feature(
        name=f"bought_{days}:{department}",
        label=f"{department} bought in the last {days} days",
        unit="purchases",
        kind="count",
        source=f"purchase lines of the last {days} days",
        purpose=RELEVANCE,
        sentence=f"You bought from {department} {{value}} times in the last {days} days.",
    )


def spent(days: int, department: str) -> Feature:
    """The feature of what was spent on a department in the last so many days."""
    return Feature(
        name=f"spent_{days}:{department}",
        label=f"Spend on {department} in the last {days} days",
        unit="money",
        kind="money",
        source=f"purchase lines of the last {days} days",
        purpose=RELEVANCE,
        sentence=f"You spent {{value}} on {department} in the last {days} days, returns taken off.",
    )


def attribute(name: str, kind: Kind) -> Feature:
    """The feature of a retailer's own column, marked as sensitive where its name says so."""
    words = name.replace("_", " ").strip()
    label = words[:1].upper() + words[1:]
    return Feature(
        name=f"attr_{name}",
        label=label,
        unit="",
        kind=kind,
        source="the retailer's own column attr_" + name,
        purpose=AUDIENCE,
        sentence=f"{label}: {{value}}.",
        sensitive=not SENSITIVE_WORDS.isdisjoint(words.casefold().split()),
    )


# By what comes ahead of the colon in their names; the department comes after it.
BY_DEPARTMENT: Mapping[str, Callable[[str], Feature]] = {
    "affinity": affinity,
    **{f"bought_{days}": partial(bought, days) for days in departments.DAYS},
    **{f"spent_{days}": partial(spent, days) for days in departments.DAYS},
}
