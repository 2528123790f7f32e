"""A whole run, from the snapshot to durable decisions, against a plain COPY of the bytes of its decisions alone."""

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from campaigns import planning, training
from campaigns.models import Run
from campaigns.planning import Inputs
from config.bench import persist, reached, scratch
from config.bench.frame import Contest, Figure, Job, Outcome, Say, Size
from loyalty import profiles

BASELINE, OURS = "plain COPY of its decisions", "the whole run"
GOAL = 1 / 3  # with one offer each; with up to three, 1 / 1.5
GOALS = {1: 3.0, 3: 1.5}
PEAK_GOAL_MB = 6_000


@dataclass(frozen=True)
class Measured:
    """Seconds of the steps of one run, and how many times the plain COPY of its decisions it took."""

    plan: float
    durable: float
    close: float
    floor: float
    gap: float
    decisions: int
    peak_mb: float

    @property
    def seconds(self) -> float:
        return self.plan + self.durable

    def figures(self, each: int) -> dict[str, Figure]:
        told = {
            "times_the_floor": self.seconds / self.floor,
            "goal_times_the_floor": GOALS[each],
            "plan_seconds": self.plan,
            "until_durable_seconds": self.durable,
            "index_check_and_attach_seconds": self.close,
            "floor_seconds": self.floor,
            "gap_percent": 100 * self.gap,
            "decisions": int(self.decisions),
            "peak_mb": self.peak_mb,
        }
        return {f"{name}_{each}_each": round(value, 4) for name, value in told.items()}


def median(found: Sequence[Measured]) -> Measured:
    """Of each figure by itself."""
    columns = zip(*map(astuple, found), strict=True)
    return Measured(*map(statistics.median, columns))


def run(size: Size, say: Say) -> Outcome:
    """With up to one offer each, and with up to three, in the same world."""
    with tempfile.TemporaryDirectory() as directory, scratch.database():
        say("making members, their consents and profiles, and offers")
        reached.members(size.members)
        snapshot = reached.snapshot(size.members, Path(directory) / "snapshot")
        terms, scorer = reached.offers(size.offers), training.champion(at=reached.NOON)
        draft = partial(reached.inputs, snapshot, reached.everybody(), terms, scorer=scorer)
        first = _rehearsed(draft(each=1), say)
        kept = Path(directory) / "plan"
        found = {
            each: median([_measured(draft(each=each), kept, say) for _ in range(size.repetitions)]) for each in GOALS
        }
    one = found[1]
    times = Contest((BASELINE, OURS), (one.floor,), (one.seconds,), agrees=True)
    figures = {name: value for each, told in found.items() for name, value in told.figures(each).items()}
    return times.outcome(
        "run",
        size,
        offers=size.offers,
        goal=GOAL,
        peak_mb=max(each.peak_mb for each in found.values()),
        figures={
            **figures,
            "first_plan_of_the_process_seconds": round(first, 2),
            "goal_peak_mb": PEAK_GOAL_MB,
            "load_average": round(os.getloadavg()[0], 1),
        },
    )


JOB = Job("run: a whole run takes 3 times as long as its decisions alone, and 1.5 times with up to three each", run)


def _rehearsed(known: Inputs, say: Say) -> float:
    """Seconds of the first plan of all, which fetches what is compiled; a worker does that once in its life."""
    began = time.perf_counter()
    planning.plan(known)
    say(f"a dry run, the first plan of this process, took {time.perf_counter() - began:.2f} s")
    return time.perf_counter() - began


def _measured(known: Inputs, directory: Path, say: Say) -> Measured:
    profiles._opened.cache_clear()
    _forget_the_peak()
    began, last = time.perf_counter(), [time.perf_counter()]

    def tell(sentence: str) -> None:
        say(f"{time.perf_counter() - last[0]:.2f} s; {sentence}")
        last[0] = time.perf_counter()

    planned = planning.plan(known, report=tell)
    tell("keeping the plan")
    planned.plan.save(directory)
    made: Run = reached.run(known.campaign, list(known.terms), known.snapshot)
    plan = type(planned.plan).load(directory)
    seconds = time.perf_counter() - began
    tell("writing the decisions")
    durable, close = persist.persist(made, plan)
    peak = _peak_mb()
    tell("writing them plainly")
    floor = persist.plainly(made, plan)
    say(f"planned in {seconds:.2f} s, durable after {durable:.2f} s more; plainly {floor:.2f} s")
    return Measured(seconds, durable, close, floor, planned.assignment.gap, plan.decisions, peak)


def _forget_the_peak() -> None:
    """Let the most memory held so far be what is held now, where Linux can."""
    own = Path("/proc/self/clear_refs")
    if own.exists():
        own.write_text("5")


def _peak_mb() -> float:
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
