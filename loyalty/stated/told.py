"""Who told us what, read out of the record as arrays: for a decision as it stands now, and for the snapshot."""

import datetime as dt
from typing import Any

import numpy as np
from django.conf import settings

from loyalty import aliases, copying
from loyalty.copying import TEXTS
from loyalty.models import Statement, Topic
from loyalty.profiling import stating
from loyalty.profiling.stating import OF, Told
from loyalty.profiling.table import Profiles

Words = tuple[str, ...]

ASKED_EACH = 5_000  # of so few members it is read for each, and of more for whoever told us anything
# In the order of the index that has all of it: nothing is sorted, and one array is made of who told us each thing.
_HOLDING = """
    SELECT convert_to(topic, 'UTF8'), convert_to(value, 'UTF8'), array_agg(member_id) FROM (
        SELECT DISTINCT ON (topic, value, member_id) topic, value, member_id, stated FROM loyalty_statement
        {where} ORDER BY topic, value, member_id, at DESC, id DESC
    ) latest WHERE stated GROUP BY topic, value
"""
_WHERE = {"at": "at <= %(at)s", "members": "member_id = ANY(%(members)s)"}
_COLUMNS = {"topic": TEXTS, "value": TEXTS, "member": "i8"}


def beside(members: Profiles, *, at: dt.datetime | None = None) -> Profiles:
    """The members with what they told us, as the record stands now; see `Told.beside`."""
    return of(members.member_ids, at=at).beside(members)


def of(member_ids: np.ndarray, *, at: dt.datetime | None = None) -> Told:
    """Who of the members told us what, as the record stands now, or as it stood at a moment.

    What was told by somebody who was merged into a member is told by that member. Of those who told us nothing
    nothing is read.
    """
    if len(member_ids) > ASKED_EACH:
        return _read({"at": at}, aliases.survivors())
    person = aliases.everyone_of(member_ids.tolist())
    merged = np.array(sorted(pair for pair in person.items() if pair[0] != pair[1]), dtype=np.int64).reshape(-1, 2)
    return _read({"at": at, "members": list(person)}, aliases.Survivors(*merged.T.copy()))


def _read(asked: dict[str, Any], merged: aliases.Survivors) -> Told:
    conditions = [_WHERE[name] for name, value in asked.items() if value is not None]
    query = _HOLDING.format(where=f"WHERE {' AND '.join(conditions)}" if conditions else "")
    found = {}
    for block in copying.blocks(query, asked, _COLUMNS):
        (topic,), (value,) = block["topic"].to_pylist(), block["value"].to_pylist()
        found[topic.decode(), value.decode()] = np.unique(aliases.standing_for(block["member"], merged))
    return Told(found)


def columns(member_ids: np.ndarray, *, until: dt.datetime | None) -> tuple[dict[str, np.ndarray], dict[str, Words]]:
    """What is known of each member by what they told us until a moment, by feature, and the words behind the sizes.

    There is a column for what anybody ever told us, so that no segment loses one by what members take back. What they
    do not eat or drink is not among them.
    """
    rows = Statement.objects.exclude(topic=Topic.DIET).order_by("topic", "value")
    ever = list(rows.values_list("topic", "value").distinct())
    words = {stating.name_of(topic, value): _sizes(value, ever) for topic, value in ever if topic == Topic.SIZE}
    names = dict.fromkeys(stating.name_of(topic, value) for topic, value in ever)
    found = of(member_ids, at=until)
    return {name: found.column(name, words.get(name, ()), member_ids) for name in names}, words


def _sizes(value: str, ever: list[tuple[str, str]]) -> Words:
    """The sizes of the thing that this is a size of: those we ask for, and then others that somebody told us."""
    thing = value.partition(OF)[0]
    parts = (each.partition(OF) for topic, each in ever if topic == Topic.SIZE)
    return tuple(
        dict.fromkeys(
            [*settings.RETAILER_SIZES.get(thing, ()), *(size for of_what, _, size in parts if of_what == thing)]
        )
    )
