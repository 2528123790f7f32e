"""Reading and validating a file of purchases, against csv.DictReader, which validates nothing; then all the way in."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings

from config.bench import scratch
from config.bench.frame import Contest, Figure, Job, Outcome, Say, Size, Way, contest, peak_mb
from config.bench.purchase_files import Files, written
from config.bench.reading import rows_by_block, rows_by_row, says_the_same
from config.kinds import TARGETS
from loyalty import clock, loading

BASELINE, OURS = "csv.DictReader", "reading with validation"
GOAL = 15.0
LARGER = 10


class CpuTime:
    """The seconds that all processors together worked for something, which tell more where others use them too."""

    def __init__(self) -> None:
        self._seconds: list[float] = []

    def of(self, run: Callable[..., int], *arguments: object) -> int:
        began = time.process_time()
        result = run(*arguments)
        self._seconds.append(time.process_time() - began)
        return result

    @property
    def median(self) -> float:
        return round(statistics.median(self._seconds), 3)


def run(size: Size, say: Say) -> Outcome:
    """Both ways over one file, the memory that ours takes for it and for a larger one, and all the way to a commit."""
    with tempfile.TemporaryDirectory() as directory:
        say("writing the files")
        files = written(Path(directory), members=size.members)
        cpu = {BASELINE: CpuTime(), OURS: CpuTime()}
        times = contest(
            Way(BASELINE, partial(cpu[BASELINE].of, rows_by_row, files.purchases)),
            Way(OURS, partial(cpu[OURS].of, rows_by_block, files.purchases, settings.TIME_ZONE)),
            repetitions=size.repetitions,
            say=say,
        )
        figures: dict[str, Figure] = {"baseline_cpu_seconds": cpu[BASELINE].median, "cpu_seconds": cpu[OURS].median}
        say(f"writing a file {LARGER} times as large, and reading it")
        figures |= _memory(written(Path(directory), members=size.members * LARGER)) | _all_the_way(files, say)
        return _outcome(size, files.purchases, times, figures)


JOB = Job("import: a file is read and validated 15 times as fast as csv.DictReader reads it, in flat memory", run)


def _memory(files: Files) -> dict[str, Figure]:
    """What a larger file takes; the outcome's own figures say what the file itself does."""
    mb = round(peak_mb(rows_by_block, files.purchases, settings.TIME_ZONE))
    return {
        f"rows_at_{LARGER}_times": rows_by_block(files.purchases, settings.TIME_ZONE),
        f"peak_mb_at_{LARGER}_times": mb,
    }


def _all_the_way(files: Files, say: Say) -> dict[str, Figure]:
    """How long the purchases take until they are committed, their table being empty."""
    say("loading into a database made for it")
    with scratch.database():
        for kind in ("stores", "products", "members"):
            loading.load(TARGETS[kind], getattr(files, kind), at=clock.now())
        began = time.perf_counter()
        result = loading.load(TARGETS["purchases"], files.purchases, at=clock.now())
        seconds = time.perf_counter() - began
    return {
        "into_postgresql_seconds": round(seconds, 3),
        "into_postgresql_rows_per_second": round(result.loaded / seconds),
        "into_postgresql_rows": result.loaded,
    }


def _outcome(size: Size, path: Path, times: Contest, figures: dict[str, Figure]) -> Outcome:
    rows = rows_by_block(path, settings.TIME_ZONE)
    per_second = round(rows / times.medians[1])
    read = {"rows": rows, "file_mb": round(path.stat().st_size / 2**20, 1), "rows_per_second": per_second}
    return times.outcome(
        "import",
        size,
        goal=GOAL,
        peak_mb=peak_mb(rows_by_block, path, settings.TIME_ZONE),
        agrees=says_the_same(path, settings.TIME_ZONE),
        figures=read | figures,
    )
