"""Features of members from their purchase lines, against one GROUP BY of PostgreSQL over the same lines."""

from collections.abc import Callable
from functools import partial

import numpy as np

from config.bench import group_by, purchase_lines, scratch
from config.bench.frame import Job, Outcome, Say, Size, Way, contest, peak_mb
from config.bench.group_by import Columns
from config.bench.purchase_lines import AS_OF, VOCABULARIES
from loyalty.profiling import features
from loyalty.profiling.table import Profiles

BASELINE, OURS = "PostgreSQL, GROUP BY", "features from arrays"
GOAL = 20.0


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
    baseline_seconds, seconds = times.medians
    total = sum(map(len, lines))
    return Outcome(
        job="profiles",
        members=size.members,
        offers=None,
        ours=OURS,
        seconds=seconds,
        baseline=BASELINE,
        baseline_seconds=baseline_seconds,
        goal=GOAL,
        agrees=times.agrees,
        peak_mb=round(peak_mb(_built, size.members)),
        figures={
            "lines": total,
            "lines_per_second": round(total / seconds),
            "columns": len(build().columns),
            "columns_of_the_baseline": len(group_by.columns(group_by.no_sums(), 0)),
        },
    )


JOB = Job("profiles: features come from lines 20 times as fast as one GROUP BY, equal to it in every cell", run)


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


def _built(members: int) -> int:
    """Lines are drawn as they are asked for, as they are read where there are many."""
    everybody, lines = purchase_lines.members(members), purchase_lines.blocks(members)
    return len(features.build(everybody, lines, as_of=AS_OF, vocabularies=VOCABULARIES))


def _columns_of(profiles: Profiles) -> Columns:
    return dict(profiles.columns)
