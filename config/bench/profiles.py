"""Features of members from their purchase lines, against one GROUP BY of PostgreSQL over the same lines."""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from django.test import override_settings

from config.bench import group_by, purchase_lines, scratch
from config.bench.frame import Figure, Job, Outcome, Say, Size, Way, contest, peak_mb
from config.bench.group_by import Columns
from config.bench.purchase_lines import AS_OF, VOCABULARIES
from loyalty import clock, profiles
from loyalty.profiling import features
from loyalty.profiling.table import Profiles

BASELINE, OURS = "PostgreSQL, GROUP BY", "features from arrays"
GOAL = 20.0
STEPS = ("Reading", "Computing", "Writing")  # the first words of what a build says of them


def run(size: Size, say: Say) -> Outcome:
    """Both ways over the same lines, which PostgreSQL has in a table and we have in arrays; every cell is compared."""
    say("drawing the lines")
    members, lines = purchase_lines.members(size.members), list(purchase_lines.blocks(size.members))
    build = partial(features.build, members, lines, as_of=AS_OF, vocabularies=VOCABULARIES)
    with scratch.database():
        say("loading them into a table")
        group_by.load(lines)
        times = contest(
            Way(BASELINE, lambda: _Cells(partial(group_by.columns, group_by.sums(), size.members))),
            Way(OURS, lambda: _Cells(partial(_columns_of, build()))),
            repetitions=size.repetitions,
            say=say,
        )
        figures = _all_the_way(size.members, say)
    total = sum(map(len, lines))
    return times.outcome(
        "profiles",
        size,
        goal=GOAL,
        peak_mb=peak_mb(purchase_lines.built, size.members),
        figures={
            "lines": total,
            "lines_per_second": round(total / times.medians[1]),
            "columns": len(build().columns),
            "columns_of_the_baseline": len(group_by.columns(group_by.no_sums(), 0)),
            **figures,
        },
    )


JOB = Job("profiles: features come from lines 20 times as fast as one GROUP BY, equal to it in every cell", run)


def _all_the_way(members: int, say: Say) -> dict[str, Figure]:
    """How long the steps of building a snapshot take, from the tables of members and purchases to files on disk."""
    say("building a snapshot from the tables of the application")
    group_by.fill_tables(members)
    began: dict[str, float] = {}

    def tell(sentence: str) -> None:
        began.setdefault(sentence.split()[0], time.perf_counter())

    with tempfile.TemporaryDirectory() as directory, override_settings(DATA=Path(directory)):
        profiles.build(AS_OF, at=clock.now(), report=tell)
    moments = (*(began[step] for step in STEPS), time.perf_counter())
    reading, computing, writing = (after - before for before, after in pairwise(moments))
    return {
        "read_from_postgresql_seconds": round(reading, 3),
        "compute_from_read_seconds": round(computing, 3),
        "write_to_disk_seconds": round(writing, 3),
    }


class _Cells:
    """Columns, put together only when they are compared: every cell of those that both have, and all of the first's."""

    def __init__(self, columns: Callable[[], Columns]) -> None:
        self.columns = columns

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Cells):
            return NotImplemented
        theirs = other.columns()
        return all(_is_same(column, theirs[name]) for name, column in self.columns().items())

    __hash__ = None  # type: ignore[assignment]


def _is_same(one: np.ndarray, two: np.ndarray) -> bool:
    return np.array_equal(one.astype(two.dtype), two, equal_nan=two.dtype.kind == "f")


def _columns_of(profiles: Profiles) -> Columns:
    return {name: profiles.column(name) for name in profiles.columns}
