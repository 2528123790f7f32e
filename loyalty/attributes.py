"""The retailer's own columns (`attr_…`) as typed arrays: what is asked of the database, and what its answer comes to.

Numbers become floats, true and false flags, and anything else a category of its texts; a column of mixed types is a
category. Unknown is NaN or -1. A day of birth is no feature: whoever knows it finds a person by it, as by an address.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from loyalty.profiling import families

Type = Literal["flag", "number", "category"]

# A column per own attribute, none of which may be null. A text is told apart from what only looks like one.
_ASKED: dict[Type, str] = {
    "flag": """
        CASE jsonb_typeof(attributes -> {name}) WHEN 'boolean' THEN (attributes -> {name})::bool::int ELSE -1 END::int2
    """,
    "number": """
        CASE jsonb_typeof(attributes -> {name}) WHEN 'number' THEN (attributes ->> {name})::float8 ELSE 'NaN' END
    """,
    "category": """
        CASE jsonb_typeof(attributes -> {name})
            WHEN 'null' THEN ''
            WHEN 'string' THEN 't' || (attributes ->> {name})
            ELSE coalesce('j' || (attributes ->> {name}), '')
        END
    """,
}
TYPES_IN_USE = """
    SELECT DISTINCT key, jsonb_typeof(value) FROM loyalty_member CROSS JOIN jsonb_each(attributes)
    WHERE attributes <> '{}'
"""


class Attribute(NamedTuple):
    name: str
    type: Type


def typed(in_use: Iterable[tuple[str, str]]) -> list[Attribute]:
    """The attributes by name, each with the type of its column, by the JSON types that members have there.

    Days of birth are left out.
    """
    types: dict[str, set[str]] = {}
    for name, found in in_use:
        if not families.is_birth(name):
            types.setdefault(name, set()).add(found)
    return [Attribute(name, _type(types[name] - {"null"})) for name in sorted(types)]


def _type(found: set[str]) -> Type:
    if found == {"boolean"}:
        return "flag"
    return "number" if found <= {"number"} else "category"


def asked(some: Sequence[Attribute]) -> Iterator[tuple[Attribute, str]]:
    """Each attribute with the SQL of one member's value, in which names are `parameters`."""
    for parameter, each in zip(parameters(some), some, strict=True):
        yield each, _ASKED[each.type].format(name=f"%({parameter})s::text")


def parameters(some: Sequence[Attribute]) -> dict[str, str]:
    return {f"own_{place}": each.name for place, each in enumerate(some)}


def word(told: str) -> str | None:
    """The word of a category by what the database tells of it, None for unknown."""
    if not told:
        return None
    return told[1:] if told.startswith("t") else str(json.loads(told[1:]))
