"""Builds profile snapshots from the record, and opens them."""

import datetime as dt
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from loyalty import aliases, clock, sensitive
from loyalty.models import Product, Purchase, Snapshot
from loyalty.models.snapshot import AHEAD
from loyalty.profiles import events, foreseen, history, lines, members, refs, workspace
from loyalty.profiles.members import Vocabularies
from loyalty.profiles.progress import Report
from loyalty.profiles.withdrawing import withdraw
from loyalty.profiling import features, freshness, rfm
from loyalty.profiling import snapshot as storage
from loyalty.profiling.freshness import Late
from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused

__all__ = ["build", "opened", "withdraw", "worded"]

# Of more, what is found is laid aside on disk: a member's columns take most of a kilobyte.
MEMBERS_IN_MEMORY = 200_000


def build(as_of: dt.date, *, at: dt.datetime, report: Report = lambda _: None) -> Snapshot:
    """Write down what is known of every member at the start of `as_of`, and record it as a snapshot.

    `at` is the moment of building; `report` is told each step in words. Refused for a day after tomorrow.
    """
    _check(as_of, built_on=clock.local_day(at))
    started = time.perf_counter()
    scheme = rfm.scheme(settings.RETAILER_RFM)  # first, since nothing else is worth doing if it makes no sense
    snapshot = Snapshot.objects.create(as_of=as_of, started_at=at)
    with workspace.of(snapshot) as directory:
        report = _heard(report, directory)
        profiles = foreseen.beside(_profiles(as_of, directory, scheme=scheme, report=report), report)
        report("Writing the snapshot")
        snapshot.directory = f"snapshots/{snapshot.pk}"
        storage.write(profiles, snapshot.path, history=directory / "history", refs=refs.read(profiles.member_ids))
        snapshot.members, snapshot.columns = len(profiles), len(profiles.columns)
        snapshot.seconds, snapshot.built_at = round(time.perf_counter() - started, 3), at
        snapshot.save()
    return snapshot


def _heard(report: Report, directory: Path) -> Report:
    """The report, of which each sentence is also left in the workspace, where the pages that wait find it."""

    def tell(sentence: str) -> None:
        workspace.tell(directory, sentence)
        report(sentence)

    return tell


def _check(as_of: dt.date, *, built_on: dt.date) -> None:
    latest = built_on + AHEAD
    if as_of > latest:
        raise Refused(
            f"What is known at the start of {as_of:%-d %B %Y} cannot be told on {built_on:%-d %B %Y}: "
            f"ask for {latest:%-d %B %Y} at the latest."
        )


def _profiles(as_of: dt.date, directory: Path, *, scheme: rfm.Scheme, report: Report) -> Profiles:
    """The profiles; beside them, the index of what was bought and done is written into the directory."""
    report("Reading members and purchases")
    merged = aliases.survivors()
    # Lines first, so that whoever they name is read after them.
    bought = lines.bought_before(as_of, directory, merged, report=report)
    happened = events.before(as_of, directory / "events", merged)
    vocabularies = _vocabularies()
    everyone, words = members.read(without=merged, report=report, until=clock.start_of(as_of))
    report(f"Computing {len(everyone):,} profiles from {bought.rows:,} purchase lines")
    profiles = features.build(
        everyone,
        lines.LinesForFeatures(bought, everyone, vocabularies["department"], report=report),
        as_of=as_of,
        vocabularies=vocabularies | words,
        events=happened.for_features(everyone),
        scheme=scheme,
        aside=directory if len(everyone) > MEMBERS_IN_MEMORY else None,
    )
    report("Indexing what was bought and done")
    history.write(bought, happened, everyone, as_of=as_of, workspace=directory)
    return profiles


def opened(snapshot: Snapshot, *, on: dt.date) -> Profiles:
    """The snapshot's columns, memory-mapped, as they may be relied on; opened once per process.

    What is stale on the day is unknown: pass today for what is decided today, and for what is told of a decision the
    day of its run. Refused where its files are gone or damaged.
    """
    known = worded(snapshot)
    return _without(snapshot.path, freshness.late(known, on=max(on, snapshot.as_of)))


def worded(snapshot: Snapshot) -> Profiles:
    """The same for who only asks which features and words there are, and nothing of a member; Refused as `opened`."""
    try:
        return _opened(snapshot.path)
    except storage.SnapshotDamagedError as error:
        raise Refused(
            f"The member profiles of {snapshot.as_of:%-d %B %Y} cannot be read, since files are missing or damaged: "
            "build new ones on the Data page."
        ) from error


@lru_cache(maxsize=4)
def _without(directory: Path, late: Late) -> Profiles:
    """On days on which the same is stale they are the same profiles, and what was found in them is kept."""
    return freshness.without(_opened(directory), late)


@lru_cache(maxsize=4)
def _opened(directory: Path) -> Profiles:
    profiles = storage.open_snapshot(directory)
    return replace(profiles, features={name: _as_told(each) for name, each in profiles.features.items()})


def _as_told(feature: Feature) -> Feature:
    """The feature in the retailer's currency, and marked where it is one of the columns that are sensitive here."""
    is_protected = feature.sensitive or (feature.name.startswith("attr_") and sensitive.is_sensitive(feature.name))
    unit = settings.RETAILER_CURRENCY if feature.kind == "money" else feature.unit
    return replace(feature, unit=unit, sensitive=is_protected)


def _vocabularies() -> Vocabularies:
    departments = Product.objects.exclude(department="").values_list("department", flat=True)
    return {
        "department": tuple(sorted(departments.order_by().distinct())),
        "channel": tuple(Purchase.Channel.values),
    }
