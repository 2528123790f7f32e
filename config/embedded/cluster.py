"""The cluster of a data directory: where it lies, how it is made, and what a killed server leaves in it."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import Signals

from config import processes
from config.embedded import binaries
from config.embedded.directories import SYSTEM_HOME, account, is_open_to_all, private
from config.embedded.layout import DATABASE, ROLE, EmbeddedError, Layout

INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
)
PATIENCE_SECONDS = 15


def ready(layout: Layout) -> Path:
    """The cluster's directory, made if there is none and free of what a killed server left."""
    place = home(layout) / "cluster"
    if not place.exists():
        make(layout, place)
    require_version(place)
    clear_stale(place, layout.postgres_sockets)
    return place


def home(layout: Layout) -> Path:
    """The directory around the cluster: in the data directory or, where `nobody` cannot reach that, linked from it."""
    inside = layout.data / "pg"
    if account() is None or is_open_to_all(layout.data):
        return private(inside, account())
    outside = SYSTEM_HOME / layout.key
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not inside.is_symlink():
        # Whatever is out there belonged to a data directory of the same path that has been deleted.
        shutil.rmtree(outside, ignore_errors=True)
        inside.symlink_to(outside)
    return private(outside, account())


def make(layout: Layout, place: Path) -> None:
    """Make the cluster beside its place and move it there whole: a killed start leaves no half cluster."""
    draft, secret = place.with_name("cluster.new"), place.with_name("password")
    shutil.rmtree(draft, ignore_errors=True)
    secret.write_text(set_password(layout))
    if owner := account():
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    run(layout, binaries.command("initdb", "-D", draft, f"--username={ROLE}", f"--pwfile={secret}", *INITDB))
    secret.unlink()
    told = f"CREATE DATABASE {DATABASE}\n".encode()
    run(layout, binaries.command("postgres", "--single", "-D", draft, "postgres"), told=told)
    draft.rename(place)


def set_password(layout: Layout) -> str:
    """A new random password, kept where libpq looks for it."""
    password = secrets.token_urlsafe(32)
    layout.password_file.unlink(missing_ok=True)
    layout.password_file.touch(mode=0o600)
    layout.password_file.write_text(f"*:*:*:*:{password}\n")
    return password


def run(layout: Layout, command: list[str], told: bytes = b"") -> None:
    """Run one of PostgreSQL's programs to its end."""
    log = layout.log("postgres")
    process = processes.spawn(command, log=log, last_signal=Signals.SIGTERM, account=account(), stdin=subprocess.PIPE)
    process.communicate(told)
    if process.returncode != 0:
        raise EmbeddedError(f"PostgreSQL could not make its cluster:\n{processes.last_lines(log)}")


def require_version(place: Path) -> None:
    version = (place / "PG_VERSION").read_text().strip()
    if version != binaries.MAJOR:
        raise EmbeddedError(
            f"{place} was made by PostgreSQL {version}, this is {binaries.MAJOR}: "
            "dump it with the old one, or start afresh with `make demo ARGS=--reset`."
        )


def clear_stale(place: Path, sockets: Path) -> None:
    """Wait for a server that is still going down; then drop the pid files, whose pid may be another process by now."""
    pid_file = place / "postmaster.pid"
    if pid := server_of(place, pid_file):
        end(pid, place, pid_file)
    for leftover in (pid_file, *sockets.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)


def server_of(place: Path, pid_file: Path) -> int | None:
    """The pid in the file, if that process is this cluster's server; the file may be missing, cut short or stale."""
    with suppress(OSError, ValueError, IndexError):
        pid = int(pid_file.read_text().split()[0])
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return pid if os.fsencode(place) in arguments else None
    return None


def end(pid: int, place: Path, pid_file: Path) -> None:
    """Stop a server whose guardian is gone: politely, then at once."""
    for request in (Signals.SIGINT, Signals.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(pid, request)
        if wait_for(lambda: server_of(place, pid_file) != pid):
            return
    raise EmbeddedError(f"PostgreSQL (process {pid}) from an earlier start does not end: end it and start again.")


def wait_for(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
