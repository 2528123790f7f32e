"""Builds profile snapshots from the record, and opens them."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from loyalty import aliases, attributes
from loyalty.models import Member, Product, Purchase, Snapshot
from loyalty.profiles import lines
from loyalty.profiling import features, freshness, membership, rfm
from loyalty.profiling import snapshot as storage
from loyalty.profiling.records import Members
from loyalty.profiling.table import Feature, Profiles, day_number

Report = Callable[[str], None]
Vocabularies = dict[str, tuple[str, ...]]


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
        bought = lines.bought_before(as_of, Path(directory), merged)  # first, so that whoever it names is read after it
        vocabularies = _vocabularies()
        members = _members(vocabularies, without=merged)
        report(f"Computing {len(members):,} profiles from {bought.rows:,} purchase lines")
        profiles = features.build(
            members,
            lines.Bought(bought, members, vocabularies["department"]),
            as_of=as_of,
            vocabularies=vocabularies,
            events=lines.events_before(as_of, members, merged),
            scheme=scheme,
        )
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
