"""Members out of PostgreSQL as arrays: blocks of them by binary COPY, and no Python object per member."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Max, Min

from loyalty import attributes, copying
from loyalty.aliases import Survivors
from loyalty.attributes import Attribute
from loyalty.copying import TEXTS
from loyalty.models import Member, Store
from loyalty.profiles.coding import Coding, Words, in_order
from loyalty.profiles.positions import positions
from loyalty.profiles.progress import Progress, Report
from loyalty.profiling import membership
from loyalty.profiling.records import Members
from loyalty.stated import told

Vocabularies = dict[str, Words]

ROWS_PER_BLOCK = 1 << 16
ATTRIBUTES_AT_ONCE = 50
# Of the retailer's own columns: a block is one row of PostgreSQL, which holds 1 GB, and a cell up to 40 kB.
OWN_TEXTS_PER_BLOCK = 1 << 14
MOST_WORDS = 10_000  # of more a column is taken for free text, of which only is kept who has any
BLOCKS = """
    SELECT block.* FROM generate_series(%(first)s::bigint, %(last)s, %(rows)s) first CROSS JOIN LATERAL (
        SELECT {columns}
        FROM (SELECT * FROM loyalty_member WHERE id >= first AND id < first + %(rows)s ORDER BY id) member
        HAVING count(*) > 0
    ) block
"""
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))


class SqlColumn(NamedTuple):
    """A column of a block: the kind of its elements, the SQL of one member's, which is never null, and whose it is."""

    kind: str
    value: str
    is_own: bool = False  # a text of the retailer's own may be long, and any of very many

    @property
    def column(self) -> str:
        return copying.texts(self.value) if self.kind == TEXTS else f"array_agg({self.value})"


ID = SqlColumn("i8", "id")
RECORD = {
    "id": ID,
    "joined_day": SqlColumn("i4", "coalesce(joined_on - '1970-01-01'::date, -1)"),
    "birth_year": SqlColumn("i2", "coalesce(nullif(birth_year, 0), -1)::int2"),
    "home_store": SqlColumn("i8", "coalesce(home_store_id, 0)"),
    "tier": SqlColumn(TEXTS, "tier"),
    "postcode": SqlColumn(TEXTS, "left(ltrim(postcode, %(spaces)s), 3)"),  # as much as an area takes
}
KIND_OF: Mapping[attributes.Type, str] = {"flag": "i2", "number": "f8", "category": TEXTS}


def read(*, without: Survivors, report: Report, until: dt.datetime | None = None) -> tuple[Members, Vocabularies]:
    """Every member who was not merged into another, with what they told us until then, and the words behind codes."""
    record, codings = _columns(RECORD, {"spaces": SPACES}, Progress(report, "Reading members", "members"))
    kept = ~np.isin(record["id"], without.member)
    record = {name: column[kept] for name, column in record.items()}
    tier, tiers = codings["tier"].in_order(record["tier"], read=_or_unknown)
    area, areas = codings["postcode"].in_order(record["postcode"], read=_area)
    (store, stores), (region, regions) = _shops(record["home_store"])
    own, own_words = _own(record["id"], report)
    stated, sizes = told.columns(record["id"], until=until)
    members = Members(
        member_ids=record["id"],
        joined_day=record["joined_day"],
        birth_year=record["birth_year"],
        tier=tier,
        home_store=store,
        attributes=own,
        places={"home_region": region, "postcode_area": area},
        told=stated,
    )
    words = {"tier": tiers, "home_store": stores, "home_region": regions, "postcode_area": areas}
    return members, words | own_words | sizes


def _or_unknown(text: str) -> str | None:
    return text or None


def _area(postcode: str) -> str | None:
    return membership.postcode_area(postcode) or None


def _shops(home_store: np.ndarray) -> tuple[tuple[np.ndarray, Words], tuple[np.ndarray, Words]]:
    """The names and the regions of the shops that members have as theirs."""
    known = {pk: (name, region or None) for pk, name, region in Store.objects.values_list("pk", "name", "region")}
    ids, numbers = np.unique(home_store, return_inverse=True)
    told = [known.get(pk, (None, None)) for pk in ids.tolist()]
    return in_order(numbers, [name for name, _ in told]), in_order(numbers, [region for _, region in told])


def _own(member_ids: np.ndarray, report: Report) -> tuple[dict[str, np.ndarray], Vocabularies]:
    """The retailer's own columns, and the words of those that are categories."""
    columns: dict[str, np.ndarray] = {}
    words: Vocabularies = {}
    for some in _attributes():
        progress = Progress(report, f"Reading members' own columns up to {some[-1].name}", "members")
        asked = {each.name: SqlColumn(KIND_OF[each.type], sql, is_own=True) for each, sql in attributes.asked(some)}
        found, codings = _columns({"": ID, **asked}, attributes.parameters(some), progress)
        place = positions(member_ids, found.pop(""))
        for name, coding in codings.items():
            if coding.has_too_many:
                report(f"{name} has more than {MOST_WORDS:,} different values: only whether there is one is kept")
            found[name], words[f"attr_{name}"] = coding.in_order(found[name], read=attributes.word)
        columns |= {each.name: _placed(found[each.name], place, each, len(member_ids)) for each in some}
    return columns, words


def _attributes() -> Iterator[list[Attribute]]:
    with connection.cursor() as cursor:
        cursor.execute(attributes.TYPES_IN_USE)
        every = attributes.typed(cursor.fetchall())
    return (every[first : first + ATTRIBUTES_AT_ONCE] for first in range(0, len(every), ATTRIBUTES_AT_ONCE))


def _placed(column: np.ndarray, place: np.ndarray, of: Attribute, members: int) -> np.ndarray:
    """The column in the order of the members, of whom some may have come or gone between two questions."""
    unknown = np.nan if of.type == "number" else -1
    placed = np.full(members, unknown, dtype=np.int8 if of.type == "flag" else column.dtype)
    placed[place[place >= 0]] = column[place >= 0]
    return placed


def _columns(
    asked: Mapping[str, SqlColumn], parameters: Mapping[str, str], progress: Progress
) -> tuple[dict[str, np.ndarray], dict[str, Coding]]:
    """The columns of all members in the order of their ids, those of texts as numbers of a coding each."""
    codings = {name: Coding(MOST_WORDS if each.is_own else None) for name, each in asked.items() if each.kind == TEXTS}
    parts: dict[str, list[np.ndarray]] = {name: [] for name in asked}
    for block in _blocks(asked, parameters, progress):
        for name, column in block.items():
            parts[name].append(codings[name].add(column) if name in codings else column)
    return {name: _joined(parts.pop(name), "i4" if name in codings else asked[name].kind) for name in asked}, codings


def _joined(parts: Sequence[np.ndarray], kind: str) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _rows_per_block(asked: Mapping[str, SqlColumn]) -> int:
    """Tier and postcode are short; a text of the retailer's own may be long, so fewer rows of many make a block."""
    texts = sum(each.is_own and each.kind == TEXTS for each in asked.values())
    return min(ROWS_PER_BLOCK, OWN_TEXTS_PER_BLOCK // texts) if texts else ROWS_PER_BLOCK


def _blocks(
    asked: Mapping[str, SqlColumn], parameters: Mapping[str, str], progress: Progress
) -> Iterator[dict[str, Any]]:
    first, last = Member.objects.aggregate(first=Min("pk"), last=Max("pk")).values()
    query = BLOCKS.format(columns=", ".join(each.column for each in asked.values()))
    span = {"first": first, "last": last, "rows": _rows_per_block(asked)}
    done, kinds = 0, {name: each.kind for name, each in asked.items()}
    ids = next(iter(asked))
    for block in copying.blocks(query, {**parameters, **span}, kinds):
        yield block
        done += len(block[ids])
        progress.at(done, share=(int(block[ids][-1]) - first + 1) / (last - first + 1))
