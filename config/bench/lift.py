"""The moments that a report is made of, for each of 600 cells, against PostgreSQL's aggregate over the same members."""

import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from django.db import connection

from analytics.measurement import cells
from analytics.measurement.cells import Crossed, Tally
from config.bench import scratch
from config.bench.frame import Job, Outcome, Say, Size, Way, contest, peak_mb
from config.bench.segments import IN_PARALLEL
from loyalty import copying

BASELINE, OURS = "PostgreSQL, parallel GROUP BY", "one pass over columns"
GOAL = 40.0
ARMS, SEGMENTS = 2, 300
CELLS = ARMS * SEGMENTS
SHARE_HELD_OUT = 0.1
MEMBERS_AT_ONCE = 1_000_000
COLUMNS = ("spend_cents", "spent_before_cents", "arm", "segment")
# In an order that leaves no gaps between them.
TABLE = "CREATE UNLOGGED TABLE bench_spend (id integer, spend_cents integer, arm smallint, segment smallint)"
# Of the ways to add up squares, the fastest that PostgreSQL has.
AGGREGATE = """
    SELECT arm, segment, count(*), sum(spend_cents), sum(spend_cents::float8 * spend_cents::float8)
    FROM bench_spend GROUP BY arm, segment
"""

Columns = Mapping[str, np.ndarray]
# Per cell that anybody is in: how many members, the sum of what they spent, and of its squares.
Sums = dict[int, tuple[int, int, int]]


def run(size: Size, say: Say) -> Outcome:
    """Both ways over the same members; ours once more with what they spent before, as adjustment needs it."""
    with tempfile.TemporaryDirectory() as directory, scratch.database():
        say("drawing the members, and writing them down")
        _write(Path(directory), size.members)
        members = _columns(Path(directory))
        say("loading them into a table")
        _load(members)
        _sums(_tally(members))  # once aside: the loops are compiled, or come from the cache
        times = contest(
            Way(BASELINE, _by_postgresql),
            Way(OURS, lambda: _sums(_tally(members))),
            repetitions=size.repetitions,
            say=say,
        )
        adjusted = contest(
            Way(OURS, partial(_tally, members)),
            Way("with the time before", partial(_tally, members, "spent_before_cents")),
            repetitions=size.repetitions,
            say=lambda _: None,
        )
        return times.outcome(
            "lift",
            size,
            goal=GOAL,
            peak_mb=peak_mb(_tally_of, Path(directory)),
            figures={
                "cells": CELLS,
                "best_ms": round(min(times.ours) * 1000, 1),
                "baseline_best_ms": round(min(times.baseline) * 1000, 1),
                "baseline_best_over_median": round(min(times.baseline) / times.medians[1], 1),
                "with_the_time_before_ms": round(adjusted.medians[1] * 1000, 1),
                "bytes_per_member": sum(members[name].itemsize for name in ("spend_cents", "arm", "segment")),
            },
        )


JOB = Job("lift: the moments of 600 cells are summed 40 times as fast as PostgreSQL does", run)


def _write(directory: Path, members: int) -> None:
    """Spend of which four in ten have none and few have most, in whole cents, as the columns of a snapshot are kept."""
    rng = np.random.default_rng(5)
    level = rng.gamma(0.6, 3000, members)
    drawn: Columns = {
        "spend_cents": (level * rng.gamma(2, 0.5, members)).astype(np.int32),
        "spent_before_cents": (level * rng.gamma(2, 0.5, members)).astype(np.int32),
        "arm": (rng.random(members) < SHARE_HELD_OUT).astype(np.int8),
        "segment": rng.integers(SEGMENTS, size=members).astype(np.int16),
    }
    for name, column in drawn.items():
        np.save(directory / f"{name}.npy", column)


def _columns(directory: Path) -> Columns:
    return {name: np.load(directory / f"{name}.npy", mmap_mode="r") for name in COLUMNS}


def _load(members: Columns) -> None:
    """As a table that is written, read and cleaned up once, so that a scan finds it at its best."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        for first in range(0, len(members["arm"]), MEMBERS_AT_ONCE):
            rows = slice(first, first + MEMBERS_AT_ONCE)
            spend = members["spend_cents"][rows]
            copying.write(
                "bench_spend",
                {
                    "id": np.arange(first, first + len(spend), dtype=np.int32),
                    "spend_cents": spend,
                    "arm": members["arm"][rows].astype(np.int16),
                    "segment": members["segment"][rows],
                },
            )
        cursor.execute("VACUUM ANALYZE bench_spend")
        cursor.execute(IN_PARALLEL)
        cursor.execute(AGGREGATE)  # once aside: the table is at hand from here on


def _by_postgresql() -> Sums:
    with connection.cursor() as cursor:
        cursor.execute(AGGREGATE)
        return {arm * SEGMENTS + segment: (n, total, int(squares)) for arm, segment, n, total, squares in cursor}


def _tally(members: Columns, *before: str) -> Tally:
    cuts = Crossed((members["arm"], ARMS), (members["segment"], SEGMENTS))
    past = [members[name] for name in before] or None
    return cells.tally([members["spend_cents"]], past, cuts, cuts.count)


def _tally_of(directory: Path) -> None:
    _tally(_columns(directory))


def _sums(found: Tally) -> Sums:
    """Whole numbers of cents, which both ways have exactly."""
    columns: Iterable[np.ndarray] = (found.n, found.total[0], found.total_sq[0])
    each = zip(*(column.astype(np.int64).tolist() for column in columns), strict=True)
    return {cell: sums for cell, sums in enumerate(each) if sums[0]}
