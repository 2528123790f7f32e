"""The PostgreSQL and Redis that Liftwell brings along, for when no server is configured."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import Signals

from config import locks
from config.embedded import layout, postgres, redis
from config.embedded.layout import EmbeddedError, Layout, Urls

__all__ = ["EmbeddedError", "Urls", "for_command", "start", "urls"]

PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.02
# Kept because a guardian may outlive our own use of it, and a Popen dropped while its process runs warns.
_guardians: dict[int, subprocess.Popen[bytes]] = {}
ROOT = Path(__file__).resolve().parents[2]


def urls(data: Path) -> Urls:
    """The addresses of the servers of a data directory. Starts and creates nothing."""
    return layout.at(data).urls()


@contextmanager
def start(data: Path, *, report: Callable[[str], None] = lambda _: None, durable: bool = True) -> Iterator[Urls]:
    """Have PostgreSQL and Redis up for the length of the block, sharing them with whoever uses the same directory.

    The last user to leave ends them, however it leaves. `report` is told what takes time. Raises EmbeddedError.
    """
    place = layout.at(data)
    prepare(place)
    with locks.shared(place.users_lock) as users:
        try:
            if not is_ready(place):
                begin(place, report=report, durable=durable)
            yield place.urls()
        finally:
            if locks.take(users):  # the last to leave; whoever comes now waits until we are gone
                end_guardian(place)


@contextmanager
def for_command(data: Path) -> Iterator[None]:
    """The servers for one command typed by hand, progress and refusals on the terminal."""
    try:
        with start(data, report=lambda sentence: print(sentence, file=sys.stderr)):  # noqa: T201 - for the terminal
            yield
    except EmbeddedError as error:
        sys.exit(str(error))


def prepare(place: Layout) -> None:
    """Make the data directory, or say why it cannot be used."""
    if not sys.platform.startswith("linux"):
        raise EmbeddedError("The embedded servers run on Linux: set DATABASE_URL and CELERY_BROKER_URL.")
    try:
        place.log("servers").parent.mkdir(parents=True, exist_ok=True)
        place.users_lock.touch()
    except OSError as error:
        sentence = f"{place.data} cannot be used ({error.strerror}): set LIFTWELL_DATA to a directory of yours."
        raise EmbeddedError(sentence) from None


def is_ready(place: Layout) -> bool:
    return locks.is_held(place.guardian_lock) and redis.is_ready(place) and postgres.is_ready(place)


def begin(place: Layout, *, report: Callable[[str], None], durable: bool) -> None:
    """Start a guardian unless there is one, and wait until both servers answer."""
    report("Starting PostgreSQL and Redis" if place.password_file.exists() else "Making the database")
    guardian = None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_ready(place):
        if guardian is not None and guardian.poll():
            raise EmbeddedError(place.log("servers").read_text().strip())
        if (guardian is None or guardian.poll() == 0) and not locks.is_held(place.guardian_lock):
            guardian = spawn_guardian(place, durable=durable)
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"PostgreSQL and Redis are not up after {PATIENCE_SECONDS} s: see {place.data / 'log'}."
            )
        time.sleep(PAUSE_SECONDS)


def spawn_guardian(place: Layout, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start the process that keeps the servers; in a session of its own, so that ctrl-C does not reach it."""
    command = [sys.executable, "-m", "config.embedded.guardian", str(place.data)]
    with place.log("servers").open("wb") as log:
        guardian = subprocess.Popen(  # noqa: S603 - our own module
            command if durable else [*command, "--not-durable"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
    _guardians[guardian.pid] = guardian
    return guardian


def end_guardian(place: Layout) -> None:
    """Come back only when the servers are gone, so that the prompt means that nothing is left."""
    if not locks.is_held(place.guardian_lock):
        return
    pid = int(place.guardian_lock.read_text() or 0)
    deadline = time.monotonic() + PATIENCE_SECONDS
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, Signals.SIGTERM)
    while locks.is_held(place.guardian_lock) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    if pid in _guardians:
        _guardians.pop(pid).wait()
