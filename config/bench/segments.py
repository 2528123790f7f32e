"""Counting a segment of four conditions, against PostgreSQL's parallel scan of a table with the same columns."""

import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from config.bench import many_members, scratch
from config.bench.frame import Job, Outcome, Say, Size, Way, contest, peak_mb
from loyalty.profiling import segments
from loyalty.profiling import snapshot as storage
from loyalty.profiling.cores import CORES
from loyalty.profiling.table import Profiles

BASELINE, OURS = "PostgreSQL, parallel scan", "bitsets, nothing kept"
GOAL, GOAL_KEPT = 50.0, 300.0
ROOM_BYTES = 64 * 2**20
COUNTED_AGAIN = 20
MEMBERS_AT_ONCE = 500_000
COLUMNS = ("recency_days", "spend_365", "lifecycle", "tier")
SNAPSHOT = "snapshot"

RULE = {
    "all": [
        {"feature": "recency_days", "is": "between", "value": [30, 180]},
        {"feature": "spend_365", "is": "at_least", "value": 150},
        {"feature": "lifecycle", "is": "in", "value": ["established", "lapsing"]},
        {"not": {"feature": "tier", "is": "equals", "value": "Gold"}},
    ]
}
# In the narrowest types that PostgreSQL has, and in an order that leaves no gaps between them.
TABLE = """
    CREATE UNLOGGED TABLE bench_members (
        id integer, spend_365_cents integer, recency_days smallint, lifecycle smallint, tier smallint
    )
"""
COUNT = """
    SELECT count(*) FROM bench_members
    WHERE recency_days BETWEEN 30 AND 180 AND spend_365_cents >= 15000 AND lifecycle = ANY(%s)
    AND (tier = %s) IS NOT TRUE
"""
# One process per core, the asking one among them, as ours has threads, whatever the server thinks of the table's size.
IN_PARALLEL = (
    f"SET max_parallel_workers_per_gather = {CORES - 1}; "
    "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0"
)


def run(size: Size, say: Say) -> Outcome:
    """Both ways over the same members, and ours once more with the conditions kept from an earlier count."""
    with tempfile.TemporaryDirectory() as directory, scratch.database():
        say("drawing the members, and writing them down")
        members = _members(Path(directory), size.members)
        rule = segments.parse(RULE, members.features, members.vocabularies)
        kept = segments.Bitsets(ROOM_BYTES)
        matching = segments.bitset(rule, members, kept).count
        agrees = _by_masks(members) == matching
        say("loading them into a table")
        _load(members)
        times = contest(
            Way(BASELINE, partial(_by_postgresql, members)),
            Way(OURS, lambda: segments.bitset(rule, members).count),
            repetitions=size.repetitions,
            say=say,
        )
        again = _median_seconds(lambda: segments.bitset(rule, members, kept).count)
        return times.outcome(
            "segments",
            size,
            goal=GOAL,
            peak_mb=peak_mb(_counted, Path(directory)),
            agrees=agrees,
            figures={
                "matching": matching,
                "kept_ms": round(again * 1000, 3),
                "kept_times_as_fast": round(times.medians[0] / again, 1),
                "kept_goal_times_as_fast": GOAL_KEPT,
                "bytes_per_member": sum(members.columns[name].nbytes for name in COLUMNS) / size.members,
                "load_average": round(os.getloadavg()[0], 1),
            },
        )


JOB = Job("segments: four conditions are counted 50 times as fast as PostgreSQL scans, and 300 times when kept", run)


def _members(directory: Path, count: int) -> Profiles:
    """As the application has them: in the memory-mapped columns of a snapshot."""
    storage.write(many_members.profiles(count, only=COLUMNS), directory / SNAPSHOT)
    return storage.open_snapshot(directory / SNAPSHOT)


def _counted(directory: Path) -> int:
    everybody = storage.open_snapshot(directory / SNAPSHOT)
    return segments.bitset(segments.parse(RULE, everybody.features, everybody.vocabularies), everybody).count


def _median_seconds(count: Callable[[], Any]) -> float:
    times = []
    for _ in range(COUNTED_AGAIN):
        began = time.perf_counter()
        count()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _load(members: Profiles) -> None:
    """As a table that is written, read and cleaned up once, so that a scan finds it at its best."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy("COPY bench_members FROM STDIN (FORMAT csv)") as copy:
            for first in range(0, len(members), MEMBERS_AT_ONCE):
                copy.write(_as_csv(members, slice(first, first + MEMBERS_AT_ONCE)))
        cursor.execute("VACUUM ANALYZE bench_members")
        cursor.execute(IN_PARALLEL)


def _as_csv(members: Profiles, rows: slice) -> bytes:
    recency, spend = members.column("recency_days", rows), members.column("spend_365", rows)
    columns = {
        "id": pa.array(members.member_ids[rows]),
        "spend_365_cents": _whole(spend * 100),
        "recency_days": _whole(recency),
    }
    for name in ("lifecycle", "tier"):
        codes = members.column(name, rows)
        columns[name] = pa.array(codes, mask=codes < 0)
    written = io.BytesIO()
    csv.write_csv(pa.table(columns), written, csv.WriteOptions(include_header=False))
    return written.getvalue()


def _whole(numbers: np.ndarray) -> pa.Array:
    return pa.array(np.rint(np.nan_to_num(numbers)).astype(np.int32), mask=np.isnan(numbers))


def _by_postgresql(members: Profiles) -> int:
    stages, tiers = members.vocabularies["lifecycle"], members.vocabularies["tier"]
    wanted = [stages.index(stage) for stage in ("established", "lapsing")]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [wanted, tiers.index("Gold")])
        return int(cursor.fetchone()[0])


def _by_masks(members: Profiles) -> int:
    """The same by whole columns, as one would write it down."""
    recency, spend = members.column("recency_days"), members.column("spend_365")
    stages, tiers = members.vocabularies["lifecycle"], members.vocabularies["tier"]
    stage, tier = members.column("lifecycle"), members.column("tier")
    is_wanted = (stage == stages.index("established")) | (stage == stages.index("lapsing"))
    inside = (recency >= 30) & (recency <= 180) & (spend >= 150) & is_wanted & (tier != tiers.index("Gold"))
    return int(inside.sum())
