"""Counting a segment of four conditions, against PostgreSQL's parallel scan of a table with the same columns."""

import io
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
from django.db import connection
from pyarrow import csv

from config.bench import many_members, scratch
from config.bench.frame import Job, Outcome, Say, Size, Way, contest, peak_mb
from loyalty.profiling import segments
from loyalty.profiling.cores import CORES
from loyalty.profiling.table import Profiles

BASELINE, OURS = "PostgreSQL, parallel scan", "bitsets, nothing kept"
GOAL, GOAL_KEPT = 50.0, 300.0
ROOM_BYTES = 64 * 2**20
COUNTED_AGAIN = 20
MEMBERS_AT_ONCE = 500_000

RULE = {
    "all": [
        {"feature": "recency_days", "is": "between", "value": [30, 180]},
        {"feature": "spend_365", "is": "at_least", "value": 150},
        {"feature": "lifecycle", "is": "in", "value": ["established", "lapsing"]},
        {"not": {"feature": "tier", "is": "equals", "value": "Gold"}},
    ]
}
TABLE = """
    CREATE UNLOGGED TABLE bench_members (
        id bigint, recency_days real, spend_365 double precision, lifecycle smallint, tier smallint
    )
"""
COUNT = """
    SELECT count(*) FROM bench_members
    WHERE recency_days BETWEEN 30 AND 180 AND spend_365 >= 150 AND lifecycle = ANY(%s) AND (tier = %s) IS NOT TRUE
"""
# One process per core, the asking one among them, as ours has threads, whatever the server thinks of the table's size.
IN_PARALLEL = (
    f"SET max_parallel_workers_per_gather = {CORES - 1}; "
    "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0"
)


def run(size: Size, say: Say) -> Outcome:
    """Both ways over the same members, and ours once more with the conditions kept from an earlier count."""
    say("drawing the members")
    members = many_members.profiles(size.members)
    rule = segments.parse(RULE, members.features, members.vocabularies)
    kept = segments.Bitsets(ROOM_BYTES)
    matching = segments.bitset(rule, members, kept).count
    with scratch.database():
        say("loading them into a table")
        _load(members)
        times = contest(
            Way(BASELINE, partial(_by_postgresql, members)),
            Way(OURS, lambda: segments.bitset(rule, members).count),
            repetitions=size.repetitions,
            say=say,
        )
    baseline_seconds, seconds = times.medians
    again = _median_seconds(lambda: segments.bitset(rule, members, kept).count)
    return Outcome(
        job="segments",
        members=size.members,
        offers=None,
        ours=OURS,
        seconds=seconds,
        baseline=BASELINE,
        baseline_seconds=baseline_seconds,
        goal=GOAL,
        agrees=times.agrees and _by_masks(members) == matching,
        peak_mb=round(peak_mb(_counted, size.members)),
        figures={
            "matching": matching,
            "kept_ms": round(again * 1000, 3),
            "kept_times_as_fast": round(baseline_seconds / again, 1),
            "kept_goal_times_as_fast": GOAL_KEPT,
        },
    )


JOB = Job("segments: four conditions are counted 50 times as fast as PostgreSQL scans, and 300 times when kept", run)


def _counted(members: int) -> int:
    everybody = many_members.profiles(members)
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
    columns = {"id": pa.array(members.member_ids[rows])}
    for name in ("recency_days", "spend_365"):
        columns[name] = pa.array(members.column(name)[rows], from_pandas=True)
    for name in ("lifecycle", "tier"):
        codes = members.column(name)[rows]
        columns[name] = pa.array(codes, mask=codes < 0)
    written = io.BytesIO()
    csv.write_csv(pa.table(columns), written, csv.WriteOptions(include_header=False))
    return written.getvalue()


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
