"""Builds profile snapshots from the record, and opens them."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Max

from loyalty import aliases, attributes, clock, copying
from loyalty.models import Member, Product, Purchase, Snapshot
from loyalty.profiling import engagement, features, freshness, membership, rfm
from loyalty.profiling import snapshot as storage
from loyalty.profiling.records import Events, Lines, Members
from loyalty.profiling.spool import Spool
from loyalty.profiling.table import Feature, Profiles, day_number

Report = Callable[[str], None]
Vocabularies = dict[str, tuple[str, ...]]

ROWS_PER_BLOCK = 1 << 16
# What a line is made of; `at` is local time in microseconds since 2000, `product` is 0 for none.
LINE = {
    "member": "i8",
    "at": "i8",
    "basket": "i8",
    "product": "i8",
    "channel": "i2",
    "net_e4": "i8",
    "discount_e4": "i8",
}
LINES = """
    SELECT block.*
    FROM generate_series(0, (SELECT max(id) FROM loyalty_purchase), %(rows)s) first CROSS JOIN LATERAL (
        SELECT array_agg(member_id),
               array_agg(purchased_at AT TIME ZONE %(zone)s),
               array_agg(hashtextextended(basket_ref, 0)),
               array_agg(coalesce(product_id, 0)),
               array_agg(coalesce(array_position(%(channels)s::text[], channel) - 1, -1)::int2),
               array_agg((net_amount * 10000)::int8),
               array_agg(coalesce((discount_amount * 10000)::int8, 0))
        FROM loyalty_purchase
        WHERE id >= first AND id < first + %(rows)s AND member_id IS NOT NULL AND purchased_at < %(until)s
        HAVING count(*) > 0
    ) block
"""
EVENT = {"member": "i8", "day": "i4", "kind": "i2"}
EVENTS = """
    SELECT block.*
    FROM generate_series(0, (SELECT max(id) FROM loyalty_event), %(rows)s) first CROSS JOIN LATERAL (
        SELECT array_agg(member_id),
               array_agg((at AT TIME ZONE %(zone)s)::date - '1970-01-01'::date),
               array_agg((array_position(%(kinds)s::text[], kind) - 1)::int2)
        FROM loyalty_event
        WHERE id >= first AND id < first + %(rows)s AND kind = ANY(%(kinds)s) AND at < %(until)s
        HAVING count(*) > 0
    ) block
"""
YEAR_2000 = day_number(dt.date(2000, 1, 1))
HOUR = 3_600_000_000
DAY = 24 * HOUR


def build(as_of: dt.date, *, at: dt.datetime, report: Report = lambda _: None) -> Snapshot:
    """Write down what is known of every member at the start of `as_of`, and record it as a snapshot.

    `at` is the moment of building; `report` is told each step in words.
    """
    started = time.perf_counter()
    scheme = rfm.scheme(settings.RETAILER_RFM)  # first, since nothing else is worth doing if it makes no sense
    snapshot = Snapshot.objects.create(as_of=as_of, started_at=at)
    with tempfile.TemporaryDirectory(prefix="building-", dir=_room()) as directory:
        report("Reading members and purchases")
        merged = aliases.survivors()
        bought = _bought_before(as_of, Path(directory), merged)  # first, so that whoever it names is read after it
        vocabularies = _vocabularies()
        members = _members(vocabularies, without=merged)
        report(f"Computing {len(members):,} profiles from {bought.rows:,} purchase lines")
        lines = _Lines(bought, members, vocabularies["department"])
        events = _events_before(as_of, members, merged)
        profiles = features.build(members, lines, as_of=as_of, vocabularies=vocabularies, events=events, scheme=scheme)
    report("Writing the snapshot")
    snapshot.directory = f"snapshots/{snapshot.pk}"
    storage.write(profiles, snapshot.path)
    snapshot.members, snapshot.columns = len(profiles), len(profiles.columns)
    snapshot.seconds, snapshot.built_at = round(time.perf_counter() - started, 3), at
    snapshot.save()
    return snapshot


def opened(snapshot: Snapshot, *, on: dt.date | None = None) -> Profiles:
    """The snapshot's columns, memory-mapped; opened once per process.

    What is stale on the day is unknown: by default on the snapshot's own, so that a decision can be repeated later.
    """
    return _opened(snapshot.path, on)


@lru_cache(maxsize=4)
def _opened(directory: Path, on: dt.date | None) -> Profiles:
    profiles = storage.open_snapshot(directory)
    profiles = freshness.relied_on(profiles, on=on or profiles.as_of)
    return replace(profiles, features={name: _in_currency(each) for name, each in profiles.features.items()})


def _in_currency(feature: Feature) -> Feature:
    return replace(feature, unit=settings.RETAILER_CURRENCY) if feature.kind == "money" else feature


def _vocabularies() -> Vocabularies:
    departments = Product.objects.exclude(department="").values_list("department", flat=True)
    tiers = Member.objects.exclude(tier="").values_list("tier", flat=True)
    stores = Member.objects.exclude(home_store=None).values_list("home_store__name", flat=True)
    return {
        "department": _words(departments),
        "channel": tuple(Purchase.Channel.values),
        "tier": _words(tiers),
        "home_store": _words(stores),
    }


def _words(values) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    return tuple(sorted(values.order_by().distinct()))


def _members(vocabularies: Vocabularies, *, without: Container[int]) -> Members:
    """Every member in the order of their ids; their attributes' words are added to the vocabularies."""
    every = Member.objects.order_by("pk").values_list(
        "pk", "joined_on", "birth_year", "tier", "home_store__name", "home_store__region", "postcode", "attributes"
    )
    rows = [row for row in every if row[0] not in without]
    columns_of_rows = zip(*rows, strict=True) if rows else ((),) * 8
    ids, joined, birth_years, tiers, stores, regions, postcodes, attribute_maps = columns_of_rows
    columns, words = attributes.as_columns(attribute_maps)
    places = {"home_region": regions, "postcode_area": [membership.postcode_area(each) for each in postcodes]}
    vocabularies.update(words)
    vocabularies.update({name: tuple(sorted({*told} - {None, ""})) for name, told in places.items()})
    return Members(
        member_ids=np.array(ids, dtype=np.int64),
        joined_day=np.array([day_number(day) if day else -1 for day in joined], dtype=np.int32),
        birth_year=np.array([year or -1 for year in birth_years], dtype=np.int16),
        tier=_codes(tiers, vocabularies["tier"]),
        home_store=_codes(stores, vocabularies["home_store"]),
        attributes=columns,
        places={name: _codes(told, vocabularies[name]) for name, told in places.items()},
    )


def _codes(values: Sequence[str | None], words: tuple[str, ...]) -> np.ndarray:
    codes: Mapping[str | None, int] = {word: code for code, word in enumerate(words)}
    return np.array([codes.get(value, -1) for value in values], dtype=np.int32)


def _room() -> Path:
    """Where lines may be laid aside while profiles are built."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    return Path(settings.DATA)


def _bought_before(as_of: dt.date, directory: Path, merged: Mapping[int, int]) -> Spool:
    """The columns of `LINE` for every line that has a member, under the member who stands for it."""
    asked = {
        "rows": ROWS_PER_BLOCK,
        "zone": settings.TIME_ZONE,
        "channels": list(Purchase.Channel.values),
        "until": clock.start_of(as_of),
    }
    last_member = Member.objects.aggregate(last=Max("pk"))["last"] or 0
    bought = Spool(directory, np.dtype(list(LINE.items())), last_member=last_member)
    for block in copying.blocks(LINES, asked, LINE):
        bought.add({**block, "member": aliases.standing_for(block["member"], merged)})
    bought.close()
    return bought


def _events_before(as_of: dt.date, members: Members, merged: Mapping[int, int]) -> Iterator[Events]:
    kinds = engagement.CODE_OF_KIND
    code_of = np.array(list(kinds.values()))
    asked = {
        "rows": ROWS_PER_BLOCK,
        "zone": settings.TIME_ZONE,
        "kinds": list(kinds),
        "until": clock.start_of(as_of),
    }
    for block in copying.blocks(EVENTS, asked, EVENT):
        person = aliases.standing_for(block["member"], merged)
        yield Events(_positions(members.member_ids, person), block["day"], code_of[block["kind"]])


class _Lines:
    """Blocks of lines as features are computed from them; they can be gone through again."""

    def __init__(self, bought: Spool, members: Members, departments: tuple[str, ...]) -> None:
        products = dict(Product.objects.order_by("pk").values_list("pk", "department"))
        self.bought, self.members, self.products = bought, members, np.fromiter(products, np.int64)
        # The position of a product that is not known, -1, reads the last entry.
        self.department_of = np.append(_codes(list(products.values()), departments), -1).astype(np.int16)

    def __iter__(self) -> Iterator[Lines]:
        return map(self._as_lines, self.bought.blocks())

    def _as_lines(self, rows: np.ndarray) -> Lines:
        # Copied, since the columns of rows lie apart in memory, which all that follows would be slower for.
        day, time_of_day = np.divmod(rows["at"], DAY)
        return Lines(
            member=_positions(self.members.member_ids, rows["member"]),
            day=(day + YEAR_2000).astype(np.int32),
            hour=(time_of_day // HOUR).astype(np.int16),
            basket=rows["basket"].copy(),
            department=self.department_of[_positions(self.products, rows["product"])],
            channel=rows["channel"].copy(),
            net_e4=rows["net_e4"].copy(),
            discount_e4=rows["discount_e4"].copy(),
        )


def _positions(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where each wanted id is among the ids, which ascend; -1 for one that is not there (any more)."""
    if not len(ids):
        return np.full(len(wanted), -1)
    positions = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[positions] == wanted, positions, -1)
