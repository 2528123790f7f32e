"""What must be true before the demo starts, and what `--reset` clears away."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError

from config import locks

# Everything the demo writes in its data directory; nothing else is ever deleted.
DATABASE = ("pg", "postgres.pass")
FILES = (
    "world.json",
    "world.lock",
    "passing.lock",
    "retailer",
    "snapshots",
    "uploads",
    "rejects",
    "mailbox",
    "kernels",
    "runs",
    "log",
)


def require_free_port(host: str, port: int) -> None:
    """Raises CommandError if something listens on the port, or if it is not ours to use."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). End what uses it, or choose another: "
                f'make demo ARGS="--port {port + 1 if port < 65535 else 8000}"'
            ) from error


@contextmanager
def only_demo(data: Path, address: str) -> Iterator[None]:
    """Be the one demo on this data directory. Raises CommandError, naming the other one's address."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "demo.lock").open("a+") as lock:
        if not locks.take(lock):
            lock.seek(0)
            raise CommandError(
                f"A demo is already running on {data}: open {lock.read() or 'it'}, or stop it first (ctrl-C)."
            )
        lock.truncate(0)
        lock.write(f"{address} (process {os.getpid()})")
        lock.flush()
        yield


def reset(data: Path, *, report: Callable[[str], None]) -> None:
    """Delete the demo's database and files, saying what is lost. Raises CommandError while the database is in use."""
    found = [data / name for name in (*DATABASE, *FILES) if os.path.lexists(data / name)]
    if not found:
        return
    if locks.is_held(data / "servers.users.lock"):
        raise CommandError(f"Another command is using the database in {data}: end it first, then reset.")
    report(f"Deleting from {data}: " + ", ".join(f"{path.name} ({megabytes(path)} MB)" for path in found))
    for path in found:
        delete(path)


def delete(path: Path) -> None:
    """Delete a file, a directory, or a link together with the directory it leads to."""
    if path.is_dir():
        shutil.rmtree(path.resolve())
    if os.path.lexists(path):
        path.unlink()


def megabytes(path: Path) -> int:
    files = path.resolve().rglob("*") if path.is_dir() else [path]
    return round(sum(file.lstat().st_size for file in files) / 1e6)
