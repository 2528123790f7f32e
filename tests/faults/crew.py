"""Celery workers of a test, each a group of processes that can be killed at once and is then replaced."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL

from campaigns import tasks
from campaigns.models import Run

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.2


class Crew:
    """So many workers with so many children each. What is left of them ends with `end`."""

    def __init__(self, environment: Mapping[str, str], *, workers: int, children: int) -> None:
        self.environment = environment
        self.command = [
            *(sys.executable, "-m", "celery", "-A", "tests.faults.worker", "worker", "--loglevel=error"),
            *(f"--concurrency={children}", "--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        self.workers = [self._start() for _ in range(workers)]

    def tend(self) -> None:
        """Replace those that were killed."""
        self.workers = [worker if worker.poll() is None else self._start() for worker in self.workers]

    def end(self) -> None:
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, SIGKILL)
            worker.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, cwd=ROOT, env=self.environment, start_new_session=True)


def bring_to(happened: Callable[[], bool], crew: Crew, *, patience: float) -> None:
    """Stand in for beat, which sweeps every few seconds, and for whoever starts workers anew, until it has happened."""
    until = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < until, "The run did not get there in time."
        tasks.sweep()
        crew.tend()
        time.sleep(PAUSE)


def has_ended(run: Run) -> bool:
    run.refresh_from_db()
    return not run.is_working
