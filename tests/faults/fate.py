"""What is to happen to workers, drawn beforehand from a seed, and the journal of what did happen to them.

Faults lie in a directory that all processes of a test share. The faults of a stage come one after the other: the next
waits for so many arrivals at its point, by whichever worker.
"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from redis import Redis

from config import locks
from tests.faults.points import POINTS

CHILD, WORKER, STALL, FLUSH = "child killed", "worker killed", "child stalled", "broker flushed"

AFTER_PLANNING = 8  # arrivals


@dataclass(frozen=True)
class Fault:
    """What happens at the `arrival`-th arrival at a point, counted from the stage's fault before."""

    point: str
    what: str
    arrival: int = 1

    @property
    def stage(self) -> str:
        return self.point.partition(".")[0]


def drawn(seed: int, counts: Mapping[str, Mapping[str, int]], *, latest: int) -> list[Fault]:
    """For each stage so many faults of each kind, in random order, at random points of it.

    A stage of one piece of work has few attempts, and a run few stages: there a fault comes at the first arrival. What
    may come at any stage waits until planning is over, which five failures would end, as they should.
    """
    chance, faults = random.Random(seed), []
    for stage, kinds in counts.items():
        points = [point.name for point in POINTS if point.stage == stage]
        whats = [what for what, count in kinds.items() for _ in range(count)]
        chance.shuffle(whats)
        first = AFTER_PLANNING if stage == "any" else 1
        last = 1 if stage in ("plan", "close", "next") else first + latest - 1
        faults += [Fault(chance.choice(points), what, chance.randint(first, last)) for what in whats]
    return faults


@dataclass(frozen=True)
class Fates:
    """The faults in a directory, and what became of them."""

    directory: Path

    def write(self, faults: Sequence[Fault]) -> None:
        self.directory.mkdir(parents=True)
        (self.directory / "faults.json").write_text(json.dumps([asdict(fault) for fault in faults]))
        (self.directory / "state.json").write_text("{}")
        (self.directory / "journal").touch()
        (self.directory / "arrivals").touch()

    def faults(self) -> list[Fault]:
        return [Fault(**fault) for fault in json.loads((self.directory / "faults.json").read_text())]

    def happened(self) -> list[Fault]:
        lines = (self.directory / "journal").read_text().splitlines()
        return [Fault(**json.loads(line)) for line in lines]

    def arrivals(self) -> Counter[str]:
        return Counter((self.directory / "arrivals").read_text().split())

    def arrive(self, point: str) -> None:
        """Count the arrival; where a fault is due, write it down and suffer it."""
        with locks.alone(self.directory / "lock"):
            with (self.directory / "arrivals").open("a") as arrivals:
                arrivals.write(f"{point}\n")
            fault = self._due(point)
        if fault:
            SUFFER[fault.what]()

    def _due(self, point: str) -> Fault | None:
        state = json.loads((self.directory / "state.json").read_text())
        stage = point.partition(".")[0]
        done, seen = state.get(stage, (0, 0))
        waiting = [fault for fault in self.faults() if fault.stage == stage][done:]
        if not waiting or waiting[0].point != point:
            return None
        is_due = seen + 1 == waiting[0].arrival
        state[stage] = (done + 1, 0) if is_due else (done, seen + 1)
        (self.directory / "state.json").write_text(json.dumps(state))
        if is_due:
            with (self.directory / "journal").open("a") as journal:
                journal.write(json.dumps(asdict(waiting[0])) + "\n")
        return waiting[0] if is_due else None


def _kill_child() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_worker() -> None:
    """Kill the whole worker at once: its processes are a group of their own."""
    os.killpg(0, signal.SIGKILL)


def _stall() -> None:
    """Be silent for longer than the lease lasts, and then go on as if nothing had been."""
    time.sleep(float(os.environ["FAULTS_LEASE"]) + 2)


def _flush() -> None:
    broker(os.environ["CELERY_BROKER_URL"]).flushall()


def broker(url: str) -> Redis:
    return Redis.from_url(url.replace("redis+socket:", "unix:"))


SUFFER: dict[str, Callable[[], None]] = {CHILD: _kill_child, WORKER: _kill_worker, STALL: _stall, FLUSH: _flush}
