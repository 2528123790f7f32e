"""Keeps the demo's processes running and, when told, ends them all."""

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from typing import NoReturn

from django.core.management.base import CommandError

from config import processes

PAUSE_SECONDS = 0.3
# A child that dies this often in this time is broken, not unlucky.
MANY_DEATHS, SHORT_SECONDS = 3, 60


@dataclass(frozen=True)
class Child:
    """A process to keep: how to start it, how to ask it to end, and what the kernel does to it when we are killed."""

    name: str
    command: tuple[str, ...]
    log: Path
    stop: Signals
    last_signal: Signals


@dataclass
class Running:
    child: Child
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)


class Supervisor:
    """Starts children, starts one again that dies, and gives up on one that keeps dying.

    `is_ready` holds once all of them have answered: from then on they may have work to finish.
    """

    def __init__(self, *, env: Mapping[str, str], cwd: Path, report: Callable[[str], None]) -> None:
        self.env, self.cwd, self.report = env, cwd, report
        self.running: list[Running] = []
        self.is_ready = False

    def start(self, child: Child) -> None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        child.log.write_bytes(b"")
        self.running.append(Running(child, self._spawn(child)))

    def watch(self) -> None:
        """Look after the children until an exception (ctrl-C is one) ends it."""
        while True:
            for one in self.running:
                if one.process.poll() is not None:
                    self._start_again(one)
            time.sleep(PAUSE_SECONDS)

    def require_all(self) -> None:
        """Raises CommandError, with its last words, for a child that has ended."""
        for one in self.running:
            if one.process.poll() is not None:
                self._give_up(one)

    def stop(self, *, patience_seconds: float) -> None:
        """Ask all of them at once, then wait for each and kill what does not end in time."""
        for one in self.running:
            processes.ask(one.process, one.child.stop)
        for one in self.running:
            processes.wait_or_kill(one.process, patience_seconds=patience_seconds)
        self.running.clear()

    def _start_again(self, one: Running) -> None:
        now = time.monotonic()
        one.deaths = [*(died for died in one.deaths if now - died < SHORT_SECONDS), now]
        if len(one.deaths) >= MANY_DEATHS:
            self._give_up(one)
        processes.end_group(one.process)
        self.report(f"The {one.child.name} ended and is started again; see {one.child.log}.")
        one.process = self._spawn(one.child)

    def _give_up(self, one: Running) -> NoReturn:
        words = processes.last_lines(one.child.log)
        raise CommandError(f"The {one.child.name} does not stay up. Its last words:\n{words}")

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        return processes.spawn(child.command, log=child.log, last_signal=child.last_signal, env=self.env, cwd=self.cwd)
