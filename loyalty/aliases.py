"""Reads which members are one person, and holds them still."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection

from loyalty.linking.person import Joined, Person
from loyalty.models import Alias, Member

# A member without an alias stands for itself. The table is small: it holds only those who were merged.
_EVERYONE_OF = """
    WITH root AS (
        SELECT DISTINCT coalesce(alias.survivor_id, asked.id) AS id
        FROM unnest(%s::bigint[]) asked (id) LEFT JOIN loyalty_alias alias ON alias.member_id = asked.id
    )
    SELECT id, id FROM root
    UNION ALL SELECT alias.member_id, root.id FROM loyalty_alias alias JOIN root ON root.id = alias.survivor_id
"""
_PEOPLE = """
    SELECT alias.survivor_id, alias.member_id, merge.kept_id, merge.at
    FROM loyalty_alias alias JOIN loyalty_merge merge ON merge.id = alias.merge_id
"""
_AMONG = """
    WHERE alias.survivor_id = ANY(%(ids)s)
       OR alias.survivor_id IN (SELECT survivor_id FROM loyalty_alias WHERE member_id = ANY(%(ids)s))
"""


def survivor_of(member: Member) -> Member:
    """The member under whom this one counts: itself, unless it was merged into another."""
    alias = getattr(member, "alias", None)
    return alias.survivor if alias else member


def everyone_of(ids: Iterable[int]) -> dict[int, int]:
    """These members and all who are one person with any of them, each with the one who stands for them.

    Their ids are whose purchases and events to show together.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EVERYONE_OF, [list(ids)])
        return dict(cursor.fetchall())


@dataclass(frozen=True, eq=False)
class Survivors:
    """The members who were merged into another, (n,) ids ascending, and (n,) the one who stands for each."""

    member: np.ndarray
    survivor: np.ndarray

    def __len__(self) -> int:
        return len(self.member)


def survivors() -> Survivors:
    """Every member who was merged into another, with the one who stands for it."""
    found = Alias.objects.order_by("member_id").values_list("member_id", "survivor_id")
    return Survivors(*np.array(list(found), dtype=np.int64).reshape(-1, 2).T.copy())


def standing_for(ids: np.ndarray, survivors: Survivors, *, unless: np.ndarray | None = None) -> np.ndarray:
    """(n,) Each id, or that of the member who stands for it; those among `unless` (ascending) stay as they are."""
    if not survivors:
        return ids
    at = np.minimum(np.searchsorted(survivors.member, ids), len(survivors) - 1)
    counted = np.where(survivors.member[at] == ids, survivors.survivor[at], ids)
    return counted if unless is None else np.where(np.isin(ids, unless), ids, counted)


def people(ids: Iterable[int] | None = None) -> list[Person]:
    """The persons who are several members: all of them, or those of whom these are a part."""
    merges: defaultdict[int, list[Joined]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE if ids is None else _PEOPLE + _AMONG, {"ids": None if ids is None else list(ids)})
        for survivor, other, kept, at in cursor:
            merges[survivor].append(Joined(other, kept, at))
    return [Person(survivor, tuple(joined)) for survivor, joined in merges.items()]


def hold(ids: Iterable[int], *, lock: str) -> dict[int, int]:
    """As `everyone_of`, and lock them all until the transaction ends: "SHARE" or "NO KEY UPDATE".

    Who is merged while this waits for a lock is held as well.
    """
    asked, held = list(ids), set[int]()
    while more := (found := everyone_of(asked)).keys() - held:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT FROM loyalty_member WHERE id = ANY(%s) ORDER BY id FOR {lock}", [sorted(more)])
        held |= more
    return found
