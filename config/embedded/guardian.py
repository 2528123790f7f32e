"""Keeps the embedded servers of one data directory up for as long as somebody uses them, and no longer.

Every process that needs the servers holds `users_lock` together with the others; the guardian ends the servers and
itself once it can take that lock alone. The kernel drops a dead process's lock, so a killed user leaves nothing behind,
and one user's leaving never takes the servers from another.
"""

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from signal import Signals, signal

from config import locks, processes
from config.embedded import layout, postgres, redis
from config.embedded.layout import EmbeddedError, Layout

PATIENCE_SECONDS = 60
STOP_SECONDS = 15
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Server:
    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    is_ready: Callable[[], bool]
    stop: Signals
    log: Path


def servers(place: Layout, *, durable: bool) -> list[Server]:
    return [
        Server(
            postgres.NAME,
            partial(postgres.start, place, durable=durable),
            partial(postgres.is_ready, place),
            postgres.STOP,
            place.log("postgres"),
        ),
        Server(redis.NAME, partial(redis.start, place), partial(redis.is_ready, place), redis.STOP, place.log("redis")),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Guard the embedded servers of a data directory.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--not-durable", action="store_true", help="for tests: faster, and a crash may lose data")
    options = parser.parse_args()
    place = layout.at(options.data)
    with place.guardian_lock.open("a") as lock:
        if not locks.take(lock):
            return  # another guardian was faster
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            guard(place, servers(place, durable=not options.not_durable))
        except EmbeddedError as error:
            sys.exit(str(error))
        finally:
            for sockets in (place.postgres_sockets, place.redis_sockets):
                shutil.rmtree(sockets, ignore_errors=True)


def guard(place: Layout, wanted: list[Server]) -> None:
    """Run the servers until nobody uses them or we are told to end; one that dies is started again."""
    told_to_end = threading.Event()
    for request in (Signals.SIGTERM, Signals.SIGINT):
        signal(request, lambda *_: told_to_end.set())
    running: dict[str, subprocess.Popen[bytes]] = {}
    with place.users_lock.open("a") as users, stopping(wanted, running):
        while not told_to_end.is_set() and not locks.take(users):
            for server in wanted:
                if server.name not in running or running[server.name].poll() is not None:
                    running[server.name] = started(server)
            told_to_end.wait(PAUSE_SECONDS)


@contextmanager
def stopping(wanted: list[Server], running: dict[str, subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for server in wanted:
            if server.name in running:
                processes.stop(running[server.name], server.stop, patience_seconds=STOP_SECONDS)


def started(server: Server) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    process = server.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            processes.end_group(process)
            raise EmbeddedError(f"{server.name} did not start. Its last words:\n{processes.last_lines(server.log)}")
        time.sleep(0.02)
    return process


if __name__ == "__main__":
    main()
