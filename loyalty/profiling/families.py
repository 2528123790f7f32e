"""What features say of which there is one per department, or per column of the retailer's own."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from loyalty.profiling import departments
from loyalty.profiling.dictionary import AUDIENCE, PURCHASES, RELEVANCE
from loyalty.profiling.table import Feature, Kind

# A retailer's own column is sensitive when one of these is a word of its name, or one of those is a part of it.
SENSITIVE_WORDS = frozenset(
    {"age", "bmi", "dob", "faith", "health", "kosher", "race", "sex", "union", "wage", "wages", "weight"}
)
SENSITIVE_PARTS = frozenset(
    {"allerg", "birth", "diabet", "diagnos", "disab", "ethnic", "gender", "halal", "income", "marital", "medical"}
    | {"medicat", "nationality", "orientation", "politic", "pregnan", "religi", "salary", "sexual"}
)
# Those of them that say on which day somebody was born.
BIRTH_WORDS, BIRTH_PARTS = frozenset({"dob"}), frozenset({"birth"})


def is_sensitive(name: str) -> bool:
    """Whether the name of a retailer's own column says that the law protects what is in it."""
    return _says(name, SENSITIVE_WORDS, SENSITIVE_PARTS)


def is_birth(name: str) -> bool:
    """Whether a retailer's own column holds a day of birth, which finds a person as an address does."""
    return _says(name, BIRTH_WORDS, BIRTH_PARTS)


def _says(name: str, words: frozenset[str], parts: frozenset[str]) -> bool:
    folded = name.casefold()
    return not words.isdisjoint(re.split(r"[\W_]+", folded)) or any(part in folded for part in parts)


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
        sensitive=is_sensitive(name),
    )


# By what comes ahead of the colon in their names; the department comes after it.
BY_DEPARTMENT: Mapping[str, Callable[[str], Feature]] = {
    "affinity": affinity,
    **{f"bought_{days}": partial(bought, days) for days in departments.DAYS},
    **{f"spent_{days}": partial(spent, days) for days in departments.DAYS},
}
