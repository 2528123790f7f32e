"""What the demo says while it starts: one line per phase, with its progress and its duration."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

LINE_SECONDS = 2


class Output(Protocol):
    def write(self, msg: str, /, *, ending: str) -> object: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...


class Console:
    """Writes progress over itself on a terminal, and sparingly line by line anywhere else."""

    def __init__(self, out: Output) -> None:
        self.out = out
        self.last_report = 0.0

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self.report(name)
        yield
        self.say(f"  {name:<28}{time.monotonic() - began:6.1f} s")

    def report(self, progress: str) -> None:
        """Show where the phase is."""
        if self.out.isatty():
            self._write(f"\r\x1b[K  {progress} …")
        elif time.monotonic() - self.last_report > LINE_SECONDS:
            self.last_report = time.monotonic()
            self._write(f"  {progress} …\n")

    def say(self, line: str) -> None:
        """Write a line that stays."""
        self._write(f"\r\x1b[K{line}\n" if self.out.isatty() else f"{line}\n")

    def _write(self, text: str) -> None:
        self.out.write(text, ending="")
        self.out.flush()
