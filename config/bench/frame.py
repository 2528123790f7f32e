"""What all benchmarks share: two ways to the same thing in turn, the medians, and how the outcome is told."""

import resource
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Figure = float | str | None
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much to measure with; `repetitions` of each way."""

    members: int
    offers: int
    repetitions: int


@dataclass(frozen=True)
class Way:
    """One way to get something done, by a name that readers know; what it returns is compared with the other's."""

    name: str
    run: Callable[[], Any]


@dataclass(frozen=True)
class Outcome:
    """Medians in seconds; `ratio` is how many times faster than the baseline, and `goal` what is claimed of it.

    `figures` are the job's own, by names that end in their units.
    """

    job: str
    members: int
    offers: int | None
    ours: str
    seconds: float
    baseline: str
    baseline_seconds: float
    goal: float
    agrees: bool
    peak_mb: float
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.baseline_seconds / self.seconds

    def as_json(self) -> dict[str, object]:
        named = {name: value for name, value in asdict(self).items() if name != "figures"}
        return named | {"ratio": round(self.ratio, 2)} | dict(self.figures)


@dataclass(frozen=True)
class Job:
    """A claim, and the function that measures it and says meanwhile what it does."""

    claim: str
    run: Callable[[Size, Say], Outcome]


@dataclass(frozen=True)
class Contest:
    """The times of two ways that took turns, in seconds, and whether they came to the same each time.

    `names` are the baseline's and ours.
    """

    names: tuple[str, str]
    baseline: tuple[float, ...]
    ours: tuple[float, ...]
    agrees: bool

    @property
    def medians(self) -> tuple[float, float]:
        return statistics.median(self.baseline), statistics.median(self.ours)

    def outcome(
        self,
        job: str,
        size: Size,
        *,
        goal: float,
        peak_mb: float,
        agrees: bool = True,
        offers: int | None = None,
        figures: Mapping[str, Figure],
    ) -> Outcome:
        """What is told of it; `agrees` is whether what was compared besides came to the same too."""
        baseline_seconds, seconds = self.medians
        return Outcome(
            job=job,
            members=size.members,
            offers=offers,
            ours=self.names[1],
            seconds=seconds,
            baseline=self.names[0],
            baseline_seconds=baseline_seconds,
            goal=goal,
            agrees=self.agrees and agrees,
            peak_mb=round(peak_mb),
            figures=figures,
        )


def contest(baseline: Way, ours: Way, *, repetitions: int, say: Say) -> Contest:
    """Runs both in turn, so that a machine that is busy for a while is busy for both."""
    times: dict[str, list[float]] = {baseline.name: [], ours.name: []}
    agrees = True
    for number in range(repetitions):
        results = []
        for way in (baseline, ours):
            began = time.perf_counter()
            results.append(way.run())
            times[way.name].append(time.perf_counter() - began)
            say(f"{number + 1} of {repetitions}: {way.name} took {times[way.name][-1]:.2f} s")
        agrees = agrees and results[0] == results[1]
    return Contest((baseline.name, ours.name), tuple(times[baseline.name]), tuple(times[ours.name]), agrees)


def peak_mb(run: Callable[..., object], *arguments: object) -> float:
    """The most memory that a process of its own held while it ran this."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_peak_after, run, arguments).result()


def _peak_after(run: Callable[..., object], arguments: tuple[object, ...]) -> float:
    run(*arguments)
    # Linux counts into `ru_maxrss` what the process was forked from, and keeps the process's own peak here.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
