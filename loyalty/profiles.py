"""Builds profile snapshots from the record, and opens them."""

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from loyalty import attributes, clock, copying
from loyalty.models import Member, Product, Purchase, Snapshot
from loyalty.profiling import features
from loyalty.profiling import snapshot as storage
from loyalty.profiling.records import Lines, Members
from loyalty.profiling.table import Feature, Profiles, day_number

Report = Callable[[str], None]
Vocabularies = dict[str, tuple[str, ...]]

LINE = copying.row_type(
    member="i8", day="i4", hour="i2", basket="i8", department="i2", channel="i2", net_e4="i8", discount_e4="i8"
)
LINES = """
    SELECT line.member_id,
           (line.purchased_at AT TIME ZONE %(zone)s)::date - date '1970-01-01',
           extract(hour FROM line.purchased_at AT TIME ZONE %(zone)s)::int2,
           hashtextextended(line.basket_ref, 0),
           coalesce(array_position(%(departments)s::text[], product.department) - 1, -1)::int2,
           coalesce(array_position(%(channels)s::text[], line.channel) - 1, -1)::int2,
           (line.net_amount * 10000)::int8,
           (coalesce(line.discount_amount, 0) * 10000)::int8
    FROM loyalty_purchase line LEFT JOIN loyalty_product product ON product.id = line.product_id
    WHERE line.member_id IS NOT NULL AND line.purchased_at < %(until)s
"""


def build(as_of: dt.date, *, at: dt.datetime, report: Report = lambda _: None) -> Snapshot:
    """Write down what is known of every member at the start of `as_of`, and record it as a snapshot.

    `at` is the moment of building; `report` is told each step in words.
    """
    started = time.perf_counter()
    snapshot = Snapshot.objects.create(as_of=as_of, started_at=at)
    report("Reading members and purchases")
    vocabularies = _vocabularies()
    members = _members(vocabularies)
    lines = _lines(members, vocabularies, as_of)
    report(f"Computing {len(members):,} profiles from {len(lines):,} purchase lines")
    profiles = features.build(members, lines, as_of=as_of, vocabularies=vocabularies)
    report("Writing the snapshot")
    snapshot.directory = f"snapshots/{snapshot.pk}"
    storage.write(profiles, snapshot.path)
    snapshot.members, snapshot.columns = len(profiles), len(profiles.columns)
    snapshot.seconds, snapshot.built_at = round(time.perf_counter() - started, 3), at
    snapshot.save()
    return snapshot


def opened(snapshot: Snapshot) -> Profiles:
    """The snapshot's columns, memory-mapped; opened once per process."""
    return _opened(snapshot.path)


@lru_cache(maxsize=4)
def _opened(directory: Path) -> Profiles:
    profiles = storage.open_snapshot(directory)
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


def _members(vocabularies: Vocabularies) -> Members:
    """Every member in the order of their ids; their attributes' words are added to the vocabularies."""
    rows = Member.objects.order_by("pk").values_list(
        "pk", "joined_on", "birth_year", "tier", "home_store__name", "attributes"
    )
    ids, joined, birth_years, tiers, stores, attribute_maps = zip(*rows, strict=True) if rows else ((),) * 6
    columns, words = attributes.as_columns(attribute_maps)
    vocabularies.update(words)
    return Members(
        member_ids=np.array(ids, dtype=np.int64),
        joined_day=np.array([day_number(day) if day else -1 for day in joined], dtype=np.int32),
        birth_year=np.array([year or -1 for year in birth_years], dtype=np.int16),
        tier=_codes(tiers, vocabularies["tier"]),
        home_store=_codes(stores, vocabularies["home_store"]),
        attributes=columns,
    )


def _codes(values: Sequence[str | None], words: tuple[str, ...]) -> np.ndarray:
    codes: Mapping[str | None, int] = {word: code for code, word in enumerate(words)}
    return np.array([codes.get(value, -1) for value in values], dtype=np.int32)


def _lines(members: Members, vocabularies: Vocabularies, as_of: dt.date) -> Lines:
    rows = copying.read(
        LINES,
        {
            "zone": settings.TIME_ZONE,
            "departments": list(vocabularies["department"]),
            "channels": list(vocabularies["channel"]),
            "until": clock.start_of(as_of),
        },
        LINE,
    )
    names = ("day", "hour", "basket", "department", "channel", "net_e4", "discount_e4")
    columns = {name: rows[name].astype(rows[name].dtype.newbyteorder("=")) for name in names}
    return Lines(member=np.searchsorted(members.member_ids, rows["member"]), **columns)
