"""A whole Liftwell in processes of its own, as `make demo` starts it: servers, web, worker, schedule, a small world."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals

from django.conf import settings
from playwright.sync_api import StorageState

from config import processes
from tests import folders
from tests.proc import eventually, marked

MEMBERS = 3_000  # of fewer, too little is learned to think any offer worth giving
START_SECONDS, STOP_SECONDS = 240, 60
# The house brings its own servers, whatever the tests use.
NOT_INHERITED = {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "PUBLIC_URL", "LIFTWELL_DEMO"}


@dataclass(frozen=True)
class House:
    """Where it is, and who is logged in to it by now."""

    address: str
    sessions: dict[str, StorageState] = field(default_factory=dict)


@contextmanager
def opened() -> Iterator[House]:
    """Open a house, and close it whatever happens; if this process is killed, the kernel asks the house to end."""
    with folders.open_to_all() as data:
        port = free_port()
        demo = processes.spawn(
            [sys.executable, "manage.py", "demo", "--members", str(MEMBERS), "--port", str(port)],
            log=data / "said",
            last_signal=Signals.SIGTERM,
            env={name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
            | {"LIFTWELL_DATA": str(data)},
            cwd=settings.BASE,
        )
        try:
            wait_until_open(demo, data / "said")
            yield House(f"http://127.0.0.1:{port}")
        finally:
            processes.stop(demo, Signals.SIGTERM, patience_seconds=STOP_SECONDS)
        assert eventually(lambda: marked(str(data)) == set()), "The house left processes behind."


def wait_until_open(demo: subprocess.Popen[bytes], said: Path) -> None:
    eventually(lambda: is_open(said) or demo.poll() is not None, seconds=START_SECONDS)
    assert is_open(said), f"The demo did not start:\n{processes.last_lines(said, 40)}"


def is_open(said: Path) -> bool:
    return "Liftwell is at" in said.read_text()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])
